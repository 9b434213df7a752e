"""Import a year: pasted or uploaded lines are parsed, shown, then stored."""

from __future__ import annotations

from flask import g, make_response, render_template, request
from werkzeug.wrappers import Response

from lab.files.workbooks.reading import read_workbook
from lab.rejected import Rejected
from lab.web.fields.files import extension_of
from lab.web.pages.edit_cycle import handle_edit, invalid
from lab.web.request.guards import guard
from lab.workdays import service
from lab.workdays.access import load_year
from lab.workdays.blueprint import bp
from lab.workdays.pages import columns, queries
from lab.workdays.pages.forms import ImportForm
from lab.workdays.pages.views import to_year
from lab.workdays.rules import ParsedRow, entries_of, grid_text, parse_year, pasted_grid

SHEET = "节假日安排"


def _page(year: int, form: ImportForm, rows: tuple[ParsedRow, ...] = ()) -> str:
    page = queries.import_page(year, rows)
    return render_template("workdays/pages/import.html", columns=columns, page=page, form=form)


@bp.get("/<int:year>/import")
@guard("workdays.edit", load_year)
def import_page(year: int) -> str:
    return _page(year, ImportForm())


@bp.post("/<int:year>/import")
@guard("workdays.edit", load_year)
def import_year(year: int) -> Response:
    """Parse and show; store only valid input that is sent with 导入."""
    form = ImportForm()
    return handle_edit(
        form,
        save=lambda: _read(form, year),
        page=lambda: _page(year, form),
        done=lambda rows: _shown_or_taken_over(year, form, rows),
    )


def _shown_or_taken_over(year: int, form: ImportForm, rows: tuple[ParsedRow, ...]) -> Response:
    if any(row.problem for row in rows):
        return invalid(_page(year, form, rows))
    if request.form.get("act") != "import":
        return make_response(_page(year, form, rows))
    return handle_edit(
        form,
        save=lambda: _take_over(year, form, rows),
        page=lambda: _page(year, form, rows),
        done=lambda days: to_year(year, f"已导入{year}年的{days}天。"),
    )


def _read(form: ImportForm, year: int) -> tuple[ParsedRow, ...]:
    """Parse the lines of the file, which are then shown as if pasted, else the pasted ones."""
    if form.files.data:
        upload = form.files.data[0]
        grid = read_workbook(upload.read(), extension_of(upload.filename or ""), SHEET)
        form.pasted.data = grid_text([line for line in grid if any(c.strip() for c in line)])
        form.pasted.raw_data = [form.pasted.data]
    rows = parse_year(pasted_grid(form.pasted.data or ""), year)
    if not rows:
        raise Rejected("请粘贴内容或选择文件。", "pasted")
    return rows


def _take_over(year: int, form: ImportForm, rows: tuple[ParsedRow, ...]) -> int:
    return service.import_year(
        year,
        entries_of(rows),
        source=form.source.data,
        complete=form.complete.data,
        person_id=g.person.id,
        seen=request.form.get("seen", ""),
    )
