"""Set up the page shell of an application in one call."""

from __future__ import annotations

from flask import Flask
from flask_wtf.csrf import generate_csrf

from lab.version import VERSION
from lab.web import assets, filters, rich, static_files
from lab.web.pages import cells, pagination, scripts
from lab.web.request import headers
from lab.web.request.post_keys import post_key_control


def init(app: Flask) -> None:
    """Register filters, headers, addresses and the globals of templates and macros."""
    for part in (filters, headers, assets, static_files, scripts, pagination, cells, rich):
        part.init(app)
    app.jinja_env.globals["csrf_token"] = generate_csrf
    app.jinja_env.globals["post_key_control"] = post_key_control
    app.jinja_env.globals["portal_version"] = VERSION
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
