"""The start page of each tier."""

from __future__ import annotations

from flask import Blueprint, render_template

from lab.home import columns, queries_page
from lab.web.request.guards import actor, guard

bp = Blueprint("home", __name__)


@bp.get("/")
@guard("home.view")
def index() -> str:
    page = queries_page.home_page(actor())
    return render_template("home/index.html", columns=columns, page=page)
