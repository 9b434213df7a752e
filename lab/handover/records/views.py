"""The page of a handover that was carried out."""

from __future__ import annotations

from flask import render_template

from lab.handover import columns
from lab.handover.access import load_handover
from lab.handover.blueprint import bp
from lab.handover.models import Handover
from lab.handover.records import queries
from lab.web.request.guards import guard


@bp.get("/handovers/<key>")
@guard("handover.list", load_handover)
def record(handover: Handover) -> str:
    page = queries.record_page(handover)
    return render_template("handover/records/record.html", columns=columns, page=page)
