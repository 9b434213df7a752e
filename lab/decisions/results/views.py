"""The ranking of a round, and the result as applicants see it."""

from __future__ import annotations

from flask import render_template, url_for

from lab.calls.models.call import Call
from lab.decisions.access import load_ranking
from lab.decisions.blueprint import bp
from lab.decisions.pages import columns as pages_columns
from lab.decisions.pages import queries_page
from lab.decisions.results.queries import published_result
from lab.policy import Resource
from lab.proposals.access import load_proposal
from lab.proposals.models.proposal import Proposal
from lab.web.request.guards import actor, can, guard


@bp.get("/rounds/<key>/ranking")
@guard("ranking.view", load_ranking)
def ranking(call: Call) -> str:
    page = queries_page.ranking_page(call, actor())
    return render_template("decisions/results/ranking.html", columns=pages_columns, page=page)


@bp.get("/proposals/<key>/result")
@guard("proposal.result", load_proposal)
def result(proposal: Proposal) -> str:
    return render_template(
        "decisions/results/result.html", columns=pages_columns, result=published_result(proposal)
    )


def result_url(key: str, resource: Resource) -> str:
    """Return the result's address for other features' templates, "" while it may not be seen."""
    allowed = can("proposal.result", resource)
    return url_for("decisions.result", key=key) if allowed else ""
