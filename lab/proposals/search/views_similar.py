"""Whether the comparison with earlier proposals is done, for the pages that show it."""

from __future__ import annotations

from flask import Response, jsonify

from lab.proposals.access import load_proposal
from lab.proposals.blueprint import bp
from lab.proposals.models.proposal import Proposal
from lab.proposals.search.queries_similar import is_compared
from lab.web.request.guards import guard


@bp.get("/<key>/similar/state")
@guard("proposal.similar", load_proposal, unattended=True)
def similar_state(proposal: Proposal) -> Response:
    """Answer the waiting page: running or done."""
    done = is_compared(proposal)
    text = "比对完成。" if done else "正在与以往申报书比对，完成后在这里显示。"
    return jsonify(state="done" if done else "running", text=text)
