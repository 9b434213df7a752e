"""The monthly grid: draft and handing in."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lab.catalogue.indicators import ENTERED
from lab.db import EditConflict
from lab.editing import answers, presence
from lab.errors import error_page, wants_json
from lab.extensions import db
from lab.indicators.access import Month, load_for_figures, load_month
from lab.indicators.blueprint import bp
from lab.indicators.entry import service
from lab.indicators.entry.forms import grid_form, read_cells, ticked, unread
from lab.indicators.entry.queries import Grid, grid, offered
from lab.indicators.entry.service import Incomplete
from lab.indicators.rules.findings import Finding
from lab.portfolio.models.project import Project
from lab.rejected import Rejected
from lab.web.forms import show_rejection
from lab.web.pages.clash import conflict_page
from lab.web.request.guards import commit_on_error, guard

Answer = Response | tuple[str, int] | answers.Answer
BOTH = "数值和无法提供的原因只填一项。"


@bp.get("/projects/<key>/indicators/entry")
@guard("indicator.enter", load_for_figures)
def entry(project: Project) -> Response:
    """To the newest month that may be reported."""
    periods = offered(project)
    if not periods:
        return error_page(409, "项目开始后的第一个月结束时，才能填报数据。")
    return redirect(url_for("indicators.month", key=project.key, period=f"{periods[0]:%Y-%m}"), 303)


@bp.get("/projects/<key>/indicators/entry/<period>")
@guard("indicator.enter", load_month)
def month(here: Month) -> str:
    found = _grid(here)
    return _page(here, found, grid_form(found))


@bp.post("/projects/<key>/indicators/entry/<period>")
@guard("indicator.enter", load_month)
def save_month(here: Month) -> Answer:
    return _receive(here, submit=False)


@bp.post("/projects/<key>/indicators/entry/<period>/submit")
@guard("indicator.submit", load_month)
def submit_month(here: Month) -> Answer:
    return _receive(here, submit=True)


def _receive(here: Month, *, submit: bool) -> Answer:
    found = _grid(here)
    form = grid_form(found)
    valid = _valid(form, found)
    if form.version.errors:
        return answers.broken() if wants_json() else (_page(here, found, form), 422)
    if wants_json() and not submit:
        return _autosave(here, found, form)
    try:
        if valid and submit:
            done = f"已提交{_submit(here, found, form)}项数据，等待组长确认。"
        else:
            _save(here, found, form)
            done = "草稿已保存。"
    except Incomplete as error:
        return _save_invalid(here, form, error.findings)
    except Rejected as error:
        show_rejection(form, error)
        return _page(here, found, form), 422
    except EditConflict:
        db.session.expire_all()
        newest = _grid(here)
        return conflict_page(form, _stored(newest), newest.version, _address(here))
    if not valid:
        return _save_invalid(here, form, ())
    flash(done, "success")
    return redirect(_address(here), 303)


def _autosave(here: Month, found: Grid, form: Any) -> Answer:
    """The page sends its form while somebody types."""
    try:
        version = _save(here, found, form)
    except EditConflict:
        return answers.conflict()
    return answers.saved(version, answers.faults(form), _other_editors(here, g.person.id))


def _other_editors(here: Month, person_id: int) -> list[str]:
    return presence.at(_address(here), person_id)


presence.shared("indicators.save_month")


def _save(here: Month, found: Grid, form: Any) -> int:
    return service.save(
        here.project,
        here.end,
        form.version.data,
        read_cells(form, found),
        g.person.id,
        leftovers=unread(form, found),
        tab=answers.sent_by(_address(here)),
    )


def _submit(here: Month, found: Grid, form: Any) -> int:
    return service.submit(
        here.project,
        here.end,
        form.version.data,
        read_cells(form, found),
        ticked(form, found),
        g.person.id,
        tab=answers.sent_by(_address(here)),
    )


def _valid(form: Any, found: Grid) -> bool:
    valid = form.validate()
    for row in found.rows:
        code = row.spec.code
        if row.editable and form[f"value-{code}"].data is not None and form[f"reason-{code}"].data:
            form[f"reason-{code}"].errors = [BOTH]
            valid = False
    return bool(valid)


def _save_invalid(here: Month, form: Any, findings: tuple[Finding, ...]) -> Answer:
    """What could be read is stored although something is wrong; the page says what."""
    commit_on_error()
    found = _grid(here)
    form.rebase(found.version)
    return _page(here, found, form, findings), 422


def _added() -> list[str]:
    """The rows that were asked for on this page."""
    return [code for code in dict.fromkeys(request.values.getlist("add")) if code in ENTERED]


def _grid(here: Month) -> Grid:
    added = _added()
    sent = {name.partition("-")[2] for name in request.form if name.startswith("value-")}
    return grid(here.project, here.end, [*added, *sorted(sent & set(ENTERED))])


def _stored(found: Grid) -> dict[str, Any]:
    stored: dict[str, Any] = {}
    for row in found.rows:
        if row.editable:
            stored[f"value-{row.spec.code}"] = row.value
            stored[f"reason-{row.spec.code}"] = row.unavailable_reason
            stored[f"note-{row.spec.code}"] = row.note
    return stored


def _address(here: Month) -> str:
    return url_for("indicators.month", key=here.project.key, period=here.code)


def _page(here: Month, found: Grid, form: Any, findings: tuple[Finding, ...] = ()) -> str:
    beside: dict[str, list[Finding]] = {}
    for finding in findings:
        for code in finding.about or ("",):
            beside.setdefault(code, []).append(finding)
    return render_template(
        "indicators/entry/entry.html",
        added=_added(),
        project=here.project,
        here=here,
        grid=found,
        form=form,
        beside=beside,
        findings=findings,
        typed={row.spec.code for row in found.rows if row.editable},
        periods=offered(here.project),
        others=_other_editors(here, g.person.id),
    )
