"""The monthly grid: draft and handing in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lab.catalogue.indicators import ENTERED
from lab.editing import answers, presence
from lab.editing.draft_cycle import DraftSaved, handle_draft
from lab.errors import error_page
from lab.extensions import db
from lab.indicators.access import Month, load_for_figures, load_month
from lab.indicators.blueprint import bp
from lab.indicators.entry import queries_page, service
from lab.indicators.entry.forms import grid_form, read_cells, ticked, unread
from lab.indicators.entry.queries import Grid, grid, offered
from lab.indicators.entry.service import Incomplete
from lab.indicators.rules.findings import Finding
from lab.portfolio.models.project import Project
from lab.web.pages.conflict import conflict_page
from lab.web.pages.edit_cycle import redirect_with
from lab.web.request.guards import guard


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
def save_month(here: Month) -> Response:
    return _receive(here, submit=False)


@bp.post("/projects/<key>/indicators/entry/<period>/submit")
@guard("indicator.submit", load_month)
def submit_month(here: Month) -> Response:
    return _receive(here, submit=True)


def _receive(here: Month, *, submit: bool) -> Response:
    read, findings = _grid(here), list[Finding]()
    form = grid_form(read)

    def save(sound: bool) -> DraftSaved:
        if not (sound and submit):
            return DraftSaved(_save(here, read, form), sound, "草稿已保存。")
        try:
            count = _submit(here, read, form)
        except Incomplete as error:
            findings.extend(error.findings)
            return DraftSaved(_grid(here).version, complete=False)
        return DraftSaved(read.version, sound, f"已提交{count}项数据，等待组长确认。")

    return handle_draft(
        form,
        save=save,
        page=lambda: _page(here, _grid(here), form, findings),
        conflict=lambda: _conflict_page(here, form),
        done=lambda saved: redirect_with(saved.message, _address(here)),
        others=lambda: _other_editors(here, g.person.id),
    )


def _conflict_page(here: Month, form: Any) -> Response:
    db.session.expire_all()
    newest = _grid(here)
    return conflict_page(form, _stored(newest), newest.version, _address(here))


def _other_editors(here: Month, person_id: int) -> list[str]:
    return presence.presence_sentences(_address(here), person_id)


def _save(here: Month, found: Grid, form: Any) -> int:
    return service.save(
        here.project,
        here.end,
        form.version.data,
        read_cells(form, found),
        g.person.id,
        leftovers=unread(form, found),
        tab=answers.editor_tab(_address(here)),
    )


def _submit(here: Month, found: Grid, form: Any) -> int:
    return service.submit(
        here.project,
        here.end,
        form.version.data,
        read_cells(form, found),
        ticked(form, found),
        g.person.id,
        tab=answers.editor_tab(_address(here)),
    )


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


def _page(here: Month, found: Grid, form: Any, findings: Sequence[Finding] = ()) -> str:
    others = _other_editors(here, g.person.id)
    return render_template(
        "indicators/entry/entry.html",
        here=here,
        page=queries_page.month_page(here, found, _added(), findings, others),
        form=form,
    )
