"""The start page."""

from __future__ import annotations

from flask import Blueprint, render_template

from lab.web import nav
from lab.web.guards import guard

bp = Blueprint("home", __name__)
nav.register(section="工作台", label="首页", endpoint="home.index", action="home.view", order=100)


@bp.get("/")
@guard("home.view")
def index() -> str:
    return render_template("home/index.html")


@bp.get("/health")
@guard("health")
def health() -> tuple[str, int]:
    """For the reverse proxy: the process answers. No data."""
    return "ok", 200
