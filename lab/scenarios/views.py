"""Scenarios of a project and of the laboratory."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, url_for
from werkzeug.wrappers import Response

from lab.policy import Resource
from lab.portfolio.core.extension_points import Panel
from lab.portfolio.models.project import Project
from lab.portfolio.pages.forms import ScopeForm
from lab.portfolio.pages.queries import list_rows
from lab.rejected import Rejected
from lab.scenarios import columns, queries_page, service
from lab.scenarios.access import OneScenario, load_project_scenarios, load_scenario
from lab.scenarios.forms import ScenarioForm
from lab.scenarios.queries import scenario_page
from lab.web.pages.conflict import conflict_page
from lab.web.pages.edit_cycle import handle_edit, redirect_with
from lab.web.request.guards import actor, guard

bp = Blueprint("scenarios", __name__)
NAMES = ("name", "kind", "channel", "place", "note", "is_benchmark")


def scenario_panel(project_id: int, key: str, _resource: Resource) -> Panel:
    """Return the project panel with its scenarios."""
    data = {"key": key, "columns": columns, "page": scenario_page([project_id])}
    return Panel("scenarios/_panel.html", data, 20)


@bp.get("/scenarios")
@guard("scenario.view")
def index() -> str:
    form = ScopeForm.from_address()
    day, before_records = form.read_day()
    projects = [row.id for row in list_rows(actor(), day, form.call.data)]
    page = queries_page.scenario_overview(projects, day, before_records=before_records)
    return render_template("scenarios/index.html", columns=columns, page=page, form=form)


@bp.get("/projects/<key>/scenarios")
@guard("scenario.view", load_project_scenarios)
def project_scenarios(project: Project) -> str:
    return render_template(
        "scenarios/project.html",
        columns=columns,
        project=project,
        page=scenario_page([project.id]),
    )


@bp.get("/projects/<key>/scenarios/new")
@guard("scenario.edit", load_project_scenarios)
def new(project: Project) -> str:
    return _page(project, ScenarioForm(data={"version": 0}), "增加场景")


@bp.post("/projects/<key>/scenarios/new")
@guard("scenario.edit", load_project_scenarios)
def create(project: Project) -> Response:
    form = ScenarioForm()
    return handle_edit(
        form,
        save=lambda: service.add_scenario(project, **_data(form)),
        page=lambda: _page(project, form, "增加场景"),
        done=lambda _: _saved(project),
    )


@bp.get("/projects/<key>/scenarios/<scenario_key>/edit")
@guard("scenario.edit", load_scenario)
def edit(project_scenario: OneScenario) -> str:
    if project_scenario.scenario.source_label:
        raise Rejected("公开报道的场景不能修改。")
    return _page(project_scenario.project, ScenarioForm(obj=project_scenario.scenario), "编辑场景")


@bp.post("/projects/<key>/scenarios/<scenario_key>/edit")
@guard("scenario.edit", load_scenario)
def save(project_scenario: OneScenario) -> Response:
    form = ScenarioForm()
    return handle_edit(
        form,
        save=lambda: service.edit_scenario(
            project_scenario.scenario, form.version.data, **_data(form)
        ),
        page=lambda: _page(project_scenario.project, form, "编辑场景"),
        conflict=lambda: _conflict_page(project_scenario, form),
        done=lambda _: _saved(project_scenario.project),
    )


def _conflict_page(project_scenario: OneScenario, form: ScenarioForm) -> Response:
    stored = {name: getattr(project_scenario.scenario, name) for name in NAMES}
    return conflict_page(
        form, stored, project_scenario.scenario.version, list_address(project_scenario.project)
    )


def list_address(project: Project) -> str:
    """Return the address at which the project's scenarios and merchants are listed."""
    return url_for("scenarios.project_scenarios", key=project.key)


def _data(form: ScenarioForm) -> dict[str, Any]:
    return {name: form[name].data for name in NAMES}


def _page(project: Project, form: ScenarioForm, title: str) -> str:
    return render_template("scenarios/scenario.html", project=project, form=form, title=title)


def _saved(project: Project) -> Response:
    return redirect_with("场景已保存。", list_address(project))
