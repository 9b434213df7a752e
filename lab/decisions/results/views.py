"""The result as applicants see it."""

from __future__ import annotations

from flask import render_template, url_for

from lab.decisions.blueprint import bp
from lab.decisions.results import columns
from lab.decisions.results.queries import published_result
from lab.policy import Resource
from lab.proposals.access import load_proposal
from lab.proposals.models.proposal import Proposal
from lab.web.request.guards import can, guard


@bp.get("/proposals/<key>/result")
@guard("proposal.result", load_proposal)
def result(proposal: Proposal) -> str:
    return render_template(
        "decisions/results/result.html", columns=columns, result=published_result(proposal)
    )


def result_url(key: str, resource: Resource) -> str:
    """Return the result's address for other features' templates, "" while it may not be seen."""
    allowed = can("proposal.result", resource)
    return url_for("decisions.result", key=key) if allowed else ""
