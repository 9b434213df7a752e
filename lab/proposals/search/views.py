"""The search page."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from lab.proposals.search import queries_page
from lab.web.request.guards import actor, guard

bp = Blueprint("search", __name__, url_prefix="/search")


@bp.get("")
@guard("proposal.list")
def index() -> str:
    page = queries_page.search_page(actor(), request.args)
    return render_template("proposals/search/search.html", page=page, search_text=page.args["q"])
