"""The export of a proposal list: choose columns, download the file."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response, render_template, request

from lab import clock
from lab.policy import APPLICANT
from lab.proposals.blueprint import bp
from lab.proposals.export import queries_page, service
from lab.proposals.export.columns import DEFAULT_COLUMNS, all_columns, columns_for
from lab.proposals.export.forms import ExportForm
from lab.proposals.export.queries import export_count, export_rows
from lab.web.pages.edit_cycle import handle_edit
from lab.web.request.guards import actor, guard
from lab.web.spreadsheets.writing import send_workbook

FILTERS = ("status", "call", "q")


def _filters(sent: Mapping[str, str]) -> dict[str, str]:
    """Return the list's filters, which the export keeps."""
    return {name: sent[name] for name in FILTERS if sent.get(name)}


def _includes_drafts() -> bool:
    """Return whether the list includes drafts, as on its page."""
    return APPLICANT in actor().roles


def _form() -> ExportForm:
    form, columns = ExportForm(), columns_for(actor())
    form.columns.choices = [(column.key, column.label) for column in columns]
    if not form.is_submitted():
        available = {column.key for column in columns}
        requested_columns = [
            field for field in request.args.getlist("columns") if field in available
        ]
        form.columns.data = requested_columns or [
            field for field in DEFAULT_COLUMNS if field in available
        ]
    return form


def _page(form: ExportForm, args: Mapping[str, str]) -> str:
    page = queries_page.export_page(actor(), args, drafts=_includes_drafts())
    return render_template("proposals/export/export.html", page=page, form=form)


@bp.get("/export")
@guard("proposal.export_list")
def export_page() -> str:
    return _page(_form(), _filters(request.args))


@bp.post("/export")
@guard("proposal.export_list")
def export_list() -> Response:
    """Export as a POST, because each export is audited."""
    form, args = _form(), _filters(request.form)
    form.columns.reread()
    return handle_edit(
        form,
        save=lambda: _record(form, args),
        page=lambda: _page(form, args),
        done=lambda fields: _send(form, args, fields),
    )


def _record(form: ExportForm, args: Mapping[str, str]) -> list[str]:
    """Record the export; return its columns in the order of the page, whatever order was sent."""
    fields = [field for field in all_columns() if field in form.columns.data]
    count = export_count(actor(), args, drafts=_includes_drafts())
    service.record_export(form.kind.data, fields, count)
    return fields


def _send(form: ExportForm, args: Mapping[str, str], fields: list[str]) -> Response:
    person, drafts = actor(), _includes_drafts()
    return send_workbook(
        form.kind.data,
        f"申报书列表{clock.today():%Y%m%d}",
        [all_columns()[field] for field in fields],
        lambda: export_rows(person, args, fields, drafts=drafts),
    )
