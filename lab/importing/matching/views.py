"""Steps of an upload: the row of headings, the columns; then the import checks the rows."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, g, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from lab.importing.matching import columns, queries, queries_columns, service
from lab.importing.matching.access import load_upload
from lab.importing.matching.forms import ColumnsForm, HeadingForm, column_field, columns_form
from lab.importing.matching.queries import HeadingPage
from lab.importing.matching.queries_columns import ColumnsPage
from lab.importing.models import ImportUpload
from lab.importing.rules.lifecycle import UploadStatus
from lab.web.pages.conflict import conflict_page
from lab.web.pages.edit_cycle import handle_edit, redirect_with
from lab.web.request.guards import guard

bp = Blueprint("importing", __name__, url_prefix="/imports")
READ = "已读取。请选择标题行。"


def _step(upload: ImportUpload, step: str) -> str:
    return url_for(f"importing.{step}", key=upload.key)


# -- reading -----------------------------------------------------------------------------------


@bp.get("/<key>")
@guard("upload.view", load_upload)
def show(upload: ImportUpload) -> BaseResponse | str:
    """Show that the file is being read, or could not be; else go on to the first step."""
    if upload.status == UploadStatus.MAPPING:
        return redirect(_step(upload, "heading"), 303)
    return render_template("importing/matching/reading.html", page=queries.upload_page(upload))


@bp.get("/<key>/state")
@guard("upload.view", load_upload, unattended=True)
def state(upload: ImportUpload) -> Response:
    """Answer the waiting page: running or done."""
    done = upload.status != UploadStatus.READING
    return jsonify(
        state="done" if done else "running",
        text=READ if upload.status == UploadStatus.MAPPING else "正在读取，请稍候。",
        url=_step(upload, "show"),
    )


# -- the row of headings -----------------------------------------------------------------------


def _heading_form(page: HeadingPage) -> HeadingForm:
    data = {"version": page.base.upload.version, "head": page.likely, "last": page.last}
    form = HeadingForm(data=data)
    form.set_rows(len(page.sheet.rows))
    return form


def _heading(page: HeadingPage, form: HeadingForm) -> str:
    return render_template(
        "importing/matching/heading.html",
        page=page,
        form=form,
        columns=columns.head_rows(page.columns),
    )


@bp.get("/<key>/heading")
@guard("upload.map", load_upload)
def heading(upload: ImportUpload) -> str:
    page = queries.heading_page(upload, request.args.get("sheet", ""))
    return _heading(page, _heading_form(page))


@bp.post("/<key>/heading")
@guard("upload.map", load_upload)
def save_heading(upload: ImportUpload) -> Response:
    page = queries.heading_page(upload, request.args.get("sheet", ""))
    form = _heading_form(page)
    return handle_edit(
        form,
        save=lambda: service.save_heading(
            upload,
            form.version.data,
            sheet=page.sheet.name,
            head=form.head.data,
            last=form.last.data,
        ),
        page=lambda: _heading(page, form),
        conflict=lambda: conflict_page(
            form, {"head": page.likely, "last": page.last}, upload.version, _step(upload, "heading")
        ),
        done=lambda _: redirect(_step(upload, "match"), 303),
    )


# -- the columns -------------------------------------------------------------------------------


def _columns_form(upload: ImportUpload, page: ColumnsPage) -> ColumnsForm:
    form = columns_form(page.base.target, page.headings, page.chosen, page.mode, page.stand_in)
    if form.version.raw_data is None:
        form.version.data = upload.version
    return form


def _shown(page: ColumnsPage) -> dict[str, Any]:
    """Return what the form shows, by the names of its fields."""
    columns_chosen = {column_field(column): name for column, name in page.chosen.items()}
    stand_in = {"stand_in": page.stand_in} if page.base.target.stand_in else {}
    return {"mode": page.mode, **stand_in, **columns_chosen}


def _columns(page: ColumnsPage, form: ColumnsForm) -> str:
    return render_template(
        "importing/matching/columns.html", page=page, form=form, columns=columns.MATCHES
    )


@bp.get("/<key>/columns")
@guard("upload.map", load_upload)
def match(upload: ImportUpload) -> BaseResponse | str:
    page = queries_columns.columns_page(upload, g.person.unit_id)
    if page is None:
        return redirect(_step(upload, "heading"), 303)
    return _columns(page, _columns_form(upload, page))


@bp.post("/<key>/columns")
@guard("upload.map", load_upload)
def save_columns(upload: ImportUpload) -> BaseResponse:
    page = queries_columns.columns_page(upload, g.person.unit_id)
    if page is None:
        return redirect_with(READ, _step(upload, "heading"), "info")
    form = _columns_form(upload, page)
    return handle_edit(
        form,
        save=lambda: service.save_columns(
            upload,
            form.version.data,
            service.ColumnChoice(form.mode.data, form.chosen(), page.headings, form.stand_in_id),
            g.person.id,
            g.person.unit_id,
        ),
        page=lambda: _columns(page, form),
        conflict=lambda: conflict_page(
            form,
            _shown(page),
            upload.version,
            _step(upload, "match"),
        ),
        done=lambda key: redirect(page.base.target.result(key), 303),
    )
