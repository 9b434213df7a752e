"""Binds the start page, and what every page's frame shows, to the app."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app, g, request

from lab.home import views
from lab.web import nav
from lab.web.guards import can


def _frame() -> dict[str, Any]:
    """What the layout needs on every page: navigation, person and the demonstration banner."""
    if g.get("person") is None:
        return {"nav": [], "demo_banner": False}
    return {
        "nav": nav.build(can, request.path),
        "demo_banner": not current_app.config["SETTINGS"].production,
    }


def init(app: Flask) -> None:
    """Register the start page and the frame."""
    app.register_blueprint(views.bp)
    app.context_processor(_frame)
