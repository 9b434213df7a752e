"""Imports of units and people: template, upload, dry run, confirmation."""

from __future__ import annotations

from flask import Blueprint, Response, g, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from lab.enrolment.access import load_import
from lab.enrolment.bulk_import import columns, queries, service
from lab.enrolment.bulk_import.forms import UploadForm
from lab.enrolment.bulk_import.service_check import KIND
from lab.enrolment.bulk_import.template import template_workbook
from lab.enrolment.bulk_import.worksheets import WORKSHEETS
from lab.enrolment.models import PeopleImport
from lab.importing.batches.responses import check_state, original_file
from lab.web.downloads import send_private
from lab.web.forms import ButtonForm
from lab.web.pages.edit_cycle import handle_edit, redirect_with
from lab.web.request.guards import guard
from lab.web.spreadsheets.writing import MIME

NOTHING_CREATED = "情况已变化，重新核对没有通过，一个也没有建立。"
CREATED = "已全部建立。"
bp = Blueprint("people_imports", __name__, url_prefix="/people/imports")


def _index_page(form: UploadForm) -> str:
    return render_template(
        "enrolment/bulk_import/imports.html", columns=columns, rows=queries.imports(), form=form
    )


@bp.get("")
@guard("people.import")
def index() -> str:
    return _index_page(UploadForm())


@bp.post("")
@guard("people.import")
def create() -> BaseResponse:
    """Take the template, or (`way` is units or people) a workbook whose columns are matched."""
    form, way = UploadForm(), request.form.get("way", "")
    return handle_edit(
        form,
        save=lambda: _begin(form, way),
        page=lambda: _index_page(form),
        done=lambda answer: redirect_with(*answer),
    )


def _begin(form: UploadForm, way: str) -> tuple[str, str]:
    file = form.files.data[0]
    if way in WORKSHEETS:
        upload = service.begin_own(way, file, g.person.id)
        return "已收到，正在读取。", url_for("importing.show", key=upload.key)
    batch = service.begin_import(file, g.person.id)
    return "已收到，正在逐格核对。", url_for("people_imports.show", key=batch.key)


@bp.get("/template")
@guard("people.import")
def template_file() -> Response:
    return send_private(template_workbook(), "单位和人员名单.xlsx", MIME["xlsx"])


def _import_page(batch: PeopleImport, form: ButtonForm) -> str:
    page = queries.import_page(batch, request.args)
    return render_template(
        "enrolment/bulk_import/import.html",
        columns=columns,
        page=page,
        form=form,
    )


@bp.get("/<key>")
@guard("people_import.view", load_import)
def show(batch: PeopleImport) -> str:
    return _import_page(batch, ButtonForm())


@bp.get("/<key>/state")
@guard("people_import.view", load_import, unattended=True)
def state(batch: PeopleImport) -> Response:
    """Answer the waiting page: running or done."""
    return check_state(batch, url_for("people_imports.show", key=batch.key), "核对完成。")


@bp.post("/<key>/confirm")
@guard("people_import.confirm", load_import)
def confirm(batch: PeopleImport) -> BaseResponse:
    form, address = ButtonForm(), url_for("people_imports.show", key=batch.key)
    return handle_edit(
        form,
        save=lambda: service.confirm_import(batch, g.person),
        page=lambda: _import_page(batch, form),
        done=lambda made: (
            redirect_with(CREATED, address)
            if made
            else redirect_with(NOTHING_CREATED, address, "warning")
        ),
    )


@bp.post("/<key>/abandon")
@guard("people_import.abandon", load_import)
def abandon(batch: PeopleImport) -> BaseResponse:
    ButtonForm().validate()
    KIND.abandon(batch)
    return redirect_with("已放弃，没有建立。", url_for("people_imports.index"))


@bp.post("/<key>/file")
@guard("people_import.download", load_import)
def original(batch: PeopleImport) -> Response:
    """Return the original file, as a POST because each download is audited."""
    ButtonForm().validate()
    answer = original_file(batch)
    service.record_download(batch)
    return answer
