"""Confirmation, approval, return and correction."""

from __future__ import annotations

from flask import g, render_template, request, url_for
from werkzeug.wrappers import Response

from lab.indicators.access import OneEntry, load_entry, load_project_figures
from lab.indicators.approval import columns, queries_page, service, service_correction
from lab.indicators.approval.forms import CorrectionForm, SelectionForm
from lab.indicators.approval.queries_correction import counterpart_to_correct, returned_correction
from lab.indicators.blueprint import bp
from lab.indicators.rules.correction import reason_not_to_correct
from lab.indicators.rules.lifecycle import EntryStatus
from lab.indicators.rules.validation import FORECAST_CODES
from lab.portfolio.models.project import Project
from lab.rejected import Rejected
from lab.web.pages.conflict import conflict_page
from lab.web.pages.edit_cycle import handle_edit, redirect_with
from lab.web.request.guards import can, guard
from lab.web.request.selection import read_selected


@bp.get("/projects/<key>/indicators/check")
@guard("indicator.view", load_project_figures)
def check(project: Project) -> str:
    return _page(project, SelectionForm())


@bp.post("/projects/<key>/indicators/check/confirm")
@guard("indicator.confirm", load_project_figures)
def confirm(project: Project) -> Response:
    form = SelectionForm()
    return handle_edit(
        form,
        save=lambda: service.confirm_entries(project, read_selected("entry"), g.person.id),
        page=lambda: _page(project, form),
        done=lambda count: _redirect_done(project, f"已确认{count}项数据，等待实施办公室核定。"),
        validate=False,
    )


@bp.post("/projects/<key>/indicators/check/approve")
@guard("indicator.approve", load_project_figures)
def approve(project: Project) -> Response:
    form = SelectionForm()
    return handle_edit(
        form,
        save=lambda: service.approve_entries(project, read_selected("entry"), g.person.id),
        page=lambda: _page(project, form),
        done=lambda count: _redirect_done(project, f"已核定{count}项数据。"),
        validate=False,
    )


@bp.post("/projects/<key>/indicators/check/return")
@guard("indicator.return", load_project_figures)
def return_entries(project: Project) -> Response:
    form = SelectionForm()
    return handle_edit(
        form,
        save=lambda: service.return_entries(
            project, read_selected("entry"), form.reason.data or "", g.person.id
        ),
        page=lambda: _page(project, form),
        done=lambda count: _redirect_done(project, f"已退回{count}项数据。"),
    )


def _redirect_done(project: Project, message: str) -> Response:
    return redirect_with(message, url_for("indicators.check", key=project.key))


def _page(project: Project, form: SelectionForm) -> str:
    actions: dict[str, bool] = {
        EntryStatus.SUBMITTED: can("indicator.confirm", g.resource),
        EntryStatus.CONFIRMED: can("indicator.approve", g.resource),
    }
    selected_keys = (
        {item.key for item in read_selected("entry")} if request.method == "POST" else None
    )
    page = queries_page.check_page(project, actions, selected_keys)
    return render_template("indicators/approval/check.html", columns=columns, page=page, form=form)


# -- correction --------------------------------------------------------------------------------


@bp.get("/projects/<key>/indicators/correct/<entry_key>")
@guard("indicator.correct", load_entry)
def correct(project_entry: OneEntry) -> str:
    entry = project_entry.entry
    if why := reason_not_to_correct(entry.status, entry.source_label):
        raise Rejected(why)
    data = {"version": entry.version, "forecast": entry.forecast}
    form = CorrectionForm(data={**data, **returned_correction(entry)})
    return _correction_page(project_entry, form)


@bp.post("/projects/<key>/indicators/correct/<entry_key>")
@guard("indicator.correct", load_entry)
def do_correct(project_entry: OneEntry) -> Response:
    form = CorrectionForm()
    return handle_edit(
        form,
        save=lambda: _correct(project_entry, form),
        page=lambda: _correction_page(project_entry, form),
        conflict=lambda: _conflict_page(project_entry, form),
        done=lambda _: _corrected(project_entry, form),
    )


def _correct(project_entry: OneEntry, form: CorrectionForm) -> None:
    service_correction.submit_correction(
        project_entry.project,
        project_entry.entry,
        form.version.data,
        value=form.value.data,
        reason=form.reason.data,
        note=form.note.data or "",
        unavailable_reason=form.unavailable_reason.data or "",
        forecast=_may_be_forecast(project_entry) and form.forecast.data,
        person_id=g.person.id,
    )


def _conflict_page(project_entry: OneEntry, form: CorrectionForm) -> Response:
    entry = project_entry.entry
    return conflict_page(form, {"value": entry.value}, entry.version, _history(project_entry))


def _corrected(project_entry: OneEntry, form: CorrectionForm) -> Response:
    other = counterpart_to_correct(project_entry.entry, form.value.data)
    also = f"{other}须一并更正，两项同时核定，请再更正{other}。" if other else ""
    return redirect_with(f"更正已提交，等待组长确认。{also}", _history(project_entry))


def _history(project_entry: OneEntry) -> str:
    return url_for("indicators.history_page", key=project_entry.project.key)


def _may_be_forecast(project_entry: OneEntry) -> bool:
    return project_entry.entry.indicator in FORECAST_CODES


def _correction_page(project_entry: OneEntry, form: CorrectionForm) -> str:
    page = queries_page.correction_page(project_entry)
    form.value.unit = page.spec.unit
    return render_template("indicators/approval/correct.html", page=page, form=form)
