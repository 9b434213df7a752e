"""The ranking of a call."""

from __future__ import annotations

from flask import render_template

from lab.calls.models.call import Call
from lab.decisions.access import load_ranking
from lab.decisions.blueprint import bp
from lab.decisions.ranking import columns
from lab.decisions.ranking.queries import ranking_page
from lab.web.request.guards import actor, guard


@bp.get("/rounds/<key>/ranking")
@guard("ranking.view", load_ranking)
def ranking(call: Call) -> str:
    page = ranking_page(call, actor())
    return render_template("decisions/ranking/ranking.html", columns=columns, page=page)
