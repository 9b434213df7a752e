"""The list of people with something left to hand over."""

from __future__ import annotations

from flask import render_template, request

from lab.handover import columns
from lab.handover.blueprint import bp
from lab.handover.people import queries
from lab.web.request.guards import actor, guard


@bp.get("/handovers")
@guard("handover.list")
def index() -> str:
    page = queries.handover_index(actor(), request.args)
    return render_template("handover/people/index.html", columns=columns, page=page)
