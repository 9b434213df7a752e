"""Pages that show figures: the laboratory's totals and one project's history."""

from __future__ import annotations

from flask import g, render_template, request

from lab.indicators.access import load_project_figures, may_see_unconfirmed
from lab.indicators.blueprint import bp
from lab.indicators.figures import columns, queries_page
from lab.policy import OFFICE
from lab.portfolio.models.project import Project
from lab.portfolio.pages.forms import ScopeForm
from lab.web.request.guards import actor, guard


@bp.get("/indicators")
@guard("indicator.view")
def index() -> str:
    form = ScopeForm.from_address()
    day, before_records = form.read_day()
    office = OFFICE in actor().roles
    page = queries_page.totals_page(
        day, form.call.data, before_records=before_records, office=office
    )
    return render_template("indicators/figures/index.html", columns=columns, page=page, form=form)


@bp.get("/projects/<key>/indicators")
@guard("indicator.view", load_project_figures)
def history_page(project: Project) -> str:
    page = queries_page.history_page(
        project,
        request.args.get("of", ""),
        confirmed_only=not may_see_unconfirmed(g.resource),
    )
    return render_template("indicators/figures/history.html", columns=columns, page=page)
