"""The search page."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from lab.proposals.rules.matching import readable
from lab.proposals.search import queries
from lab.web.request.guards import actor, guard

bp = Blueprint("search", __name__, url_prefix="/search")


@bp.get("")
@guard("proposal.list")
def index() -> str:
    args = request.args.to_dict()
    args["q"] = readable(args.get("q", ""))
    page, facets = queries.search(actor(), args)
    return render_template(
        "proposals/search/search.html",
        page=page,
        facets=facets,
        args=args,
        asked=args["q"].strip(),
        search_text=args["q"],
    )
