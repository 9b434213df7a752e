"""Import a year: pasted or uploaded lines are parsed, shown, then stored."""

from __future__ import annotations

from flask import flash, g, make_response, render_template, request
from werkzeug.wrappers import Response

from lab.files.rules.sheet import reading_problem
from lab.files.workbooks.reading import read_workbook
from lab.rejected import Rejected
from lab.web.fields.files import extension_of
from lab.web.forms import show_rejection
from lab.web.pages.edit_cycle import handle_edit, invalid
from lab.web.request.guards import guard
from lab.workdays import service
from lab.workdays.access import load_year
from lab.workdays.blueprint import bp
from lab.workdays.pages import columns, queries
from lab.workdays.pages.forms import PASTED_LIMIT, ImportForm
from lab.workdays.pages.views import to_year
from lab.workdays.rules import (
    ParsedRow,
    entries_fingerprint,
    entries_of,
    grid_text,
    parse_year,
    pasted_grid,
)

SHEET = "节假日安排"
MAX_REMARKS = 5


def _page(year: int, form: ImportForm, rows: tuple[ParsedRow, ...] = ()) -> str:
    page = queries.import_page(year, rows, form.source.data or "")
    return render_template("workdays/pages/import.html", columns=columns, page=page, form=form)


@bp.get("/<int:year>/import")
@guard("workdays.edit", load_year)
def import_page(year: int) -> str:
    return _page(year, ImportForm(data={"complete": bool(queries.complete_source(year))}))


@bp.post("/<int:year>/import")
@guard("workdays.edit", load_year)
def import_year(year: int) -> Response:
    """Parse and show; store only what was shown, when it is sent with 导入."""
    form = ImportForm()
    return handle_edit(
        form,
        save=lambda: _read(form, year),
        page=lambda: _page(year, form),
        done=lambda rows: _preview_or_import(year, form, rows),
    )


def _preview_or_import(year: int, form: ImportForm, rows: tuple[ParsedRow, ...]) -> Response:
    if any(row.problem for row in rows):
        return invalid(_page(year, form, rows))
    if request.form.get("act") != "import":
        return make_response(_page(year, form, rows))
    if request.form.get("shown_entries") != entries_fingerprint(entries_of(rows), form.source.data):
        message = "内容在核对之后有改动，还没有导入。请看清每一行，再按“导入”。"
        show_rejection(form, Rejected(message, "pasted"))
        return invalid(_page(year, form, rows))
    return handle_edit(
        form,
        save=lambda: _import(year, form, rows),
        page=lambda: _page(year, form),  # without the lines: what they replace is seen at 核对
        done=lambda days: to_year(year, f"已导入{year}年的{days}天。"),
    )


def _read(form: ImportForm, year: int) -> tuple[ParsedRow, ...]:
    """Parse the lines of the file, which are then shown as if pasted, else the pasted ones."""
    field = "pasted"
    if form.files.data:
        field = "files"
        upload = form.files.data[0]
        sheet = read_workbook(upload.read(), SHEET, extension=extension_of(upload.filename or ""))
        if problem := reading_problem(sheet):
            raise Rejected(problem, field)
        for remark in (*sheet.remarks, *(note.addressed for note in sheet.notes[:MAX_REMARKS])):
            flash(remark, "warning")
        text = grid_text([line for line in sheet.rows if any(c.strip() for c in line)])
        if len(text) > PASTED_LIMIT:
            message = f"文件内容最多{PASTED_LIMIT}个字符，现有{len(text)}个。请只留下本年的安排。"
            raise Rejected(message, field)
        form.pasted.data, form.pasted.raw_data = text, [text]
    rows = parse_year(pasted_grid(form.pasted.data or ""), year)
    if not rows:
        raise Rejected("没有读到任何一天，请核对内容。", field)
    if not any(row.problem for row in rows):
        service.require_importable(entries_of(rows))
    return rows


def _import(year: int, form: ImportForm, rows: tuple[ParsedRow, ...]) -> int:
    return service.import_year(
        year,
        entries_of(rows),
        source=form.source.data,
        complete=form.complete.data,
        person_id=g.person.id,
        shown=request.form.get("shown_year", ""),
    )
