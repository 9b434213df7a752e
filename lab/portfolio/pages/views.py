"""The project list and each project's page."""

from __future__ import annotations

from flask import g, render_template, request

from lab.portfolio.access import load_project
from lab.portfolio.blueprint import bp
from lab.portfolio.models.project import Project
from lab.portfolio.pages import columns, queries, queries_page
from lab.portfolio.pages.forms import FilterForm
from lab.portfolio.rules.actions import ACTIONS
from lab.web.request.guards import actor, can, guard


@bp.get("/")
@guard("project.list")
def index() -> str:
    form = FilterForm.from_address()
    filters = queries.Filters(form.call.data, form.state.data or "", form.light.data or "")
    day, before_records = form.read_day()
    page = queries_page.portfolio_page(
        actor(), filters, day, request.args, before_records=before_records
    )
    return render_template("portfolio/pages/index.html", columns=columns, page=page, form=form)


@bp.get("/<key>")
@guard("project.view", load_project)
def show(project: Project) -> str:
    actions = [action for action in ACTIONS if can(action.action, g.resource)]
    page = queries_page.project_overview(project, g.resource, actions)
    return render_template("portfolio/pages/show.html", columns=columns, page=page)
