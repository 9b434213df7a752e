"""The monthly grid: draft and submission."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lab.catalogue.indicators import ENTERED
from lab.editing import presence, responses
from lab.editing.draft_cycle import DraftSaved, handle_draft
from lab.errors import error_page
from lab.extensions import db
from lab.indicators.access import Month, load_month, load_project_figures
from lab.indicators.blueprint import bp
from lab.indicators.entry import queries_page, service
from lab.indicators.entry.forms import confirmed_codes, grid_form, read_cells, unparsed_cells
from lab.indicators.entry.queries import Grid, grid, reportable_periods
from lab.indicators.entry.service import IncompleteFigures
from lab.indicators.rules.findings import Finding
from lab.portfolio.models.project import Project
from lab.web.pages.conflict import conflict_page
from lab.web.pages.edit_cycle import redirect_with
from lab.web.request.guards import guard


@bp.get("/projects/<key>/indicators/entry")
@guard("indicator.enter", load_project_figures)
def entry(project: Project) -> Response:
    """Redirect to the newest period that may be reported."""
    periods = reportable_periods(project)
    if not periods:
        return error_page(409, "项目开始后的第一个月结束时，才能填报数据。")
    return redirect(url_for("indicators.month", key=project.key, period=f"{periods[0]:%Y-%m}"), 303)


@bp.get("/projects/<key>/indicators/entry/<period>")
@guard("indicator.enter", load_month)
def month(project_month: Month) -> str:
    month_grid = _grid(project_month)
    return _page(project_month, month_grid, grid_form(month_grid))


@bp.post("/projects/<key>/indicators/entry/<period>")
@guard("indicator.enter", load_month)
def save_month(project_month: Month) -> Response:
    return _receive(project_month, submit=False)


@bp.post("/projects/<key>/indicators/entry/<period>/submit")
@guard("indicator.submit", load_month)
def submit_month(project_month: Month) -> Response:
    return _receive(project_month, submit=True)


def _receive(project_month: Month, *, submit: bool) -> Response:
    read, findings = _grid(project_month), list[Finding]()
    form = grid_form(read)

    def save(valid: bool) -> DraftSaved:
        if not (valid and submit):
            return DraftSaved(_save(project_month, read, form), valid, "草稿已保存。")
        try:
            count = _submit(project_month, read, form)
        except IncompleteFigures as error:
            findings.extend(error.findings)
            return DraftSaved(_grid(project_month).version, complete=False)
        version = _grid(project_month).version
        return DraftSaved(version, valid, f"已提交{count}项数据，等待组长确认。")

    return handle_draft(
        form,
        save=save,
        page=lambda: _page(project_month, _grid(project_month), form, findings),
        conflict=lambda: _conflict_page(project_month, form),
        done=lambda saved: redirect_with(saved.message, _address(project_month)),
        others=lambda: _other_editors(project_month, g.person.id),
    )


def _conflict_page(here: Month, form: Any) -> Response:
    db.session.expire_all()
    newest = _grid(here)
    return conflict_page(form, _stored(newest), newest.version, _address(here))


def _other_editors(project_month: Month, person_id: int) -> list[str]:
    return presence.presence_sentences(_address(project_month), person_id)


def _save(project_month: Month, month_grid: Grid, form: Any) -> int:
    return service.save_figures(
        project_month.project,
        project_month.end,
        form.version.data,
        read_cells(form, month_grid),
        g.person.id,
        invalid_input=unparsed_cells(form, month_grid),
        tab=responses.editor_tab(_address(project_month)),
    )


def _submit(project_month: Month, month_grid: Grid, form: Any) -> int:
    return service.submit_figures(
        project_month.project,
        project_month.end,
        form.version.data,
        read_cells(form, month_grid),
        confirmed_codes(form, month_grid),
        g.person.id,
        tab=responses.editor_tab(_address(project_month)),
    )


def _added_codes() -> list[str]:
    """Return the rows that were added on this page."""
    return [code for code in dict.fromkeys(request.values.getlist("add")) if code in ENTERED]


def _grid(project_month: Month) -> Grid:
    added = _added_codes()
    sent = {name.partition("-")[2] for name in request.form if name.startswith("value-")}
    return grid(project_month.project, project_month.end, [*added, *sorted(sent & set(ENTERED))])


def _stored(month_grid: Grid) -> dict[str, Any]:
    stored: dict[str, Any] = {}
    for row in month_grid.rows:
        if row.editable:
            stored[f"value-{row.spec.code}"] = row.value
            stored[f"reason-{row.spec.code}"] = row.unavailable_reason
            stored[f"note-{row.spec.code}"] = row.note
    return stored


def _address(project_month: Month) -> str:
    return url_for("indicators.month", key=project_month.project.key, period=project_month.code)


def _page(
    project_month: Month, month_grid: Grid, form: Any, findings: Sequence[Finding] = ()
) -> str:
    others = _other_editors(project_month, g.person.id)
    return render_template(
        "indicators/entry/entry.html",
        here=project_month,
        page=queries_page.month_page(project_month, month_grid, _added_codes(), findings, others),
        form=form,
    )
