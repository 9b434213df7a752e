"""Workbook imports: template, upload, dry run, confirmation."""

from __future__ import annotations

from collections.abc import Iterator

from flask import (
    Blueprint,
    Response,
    flash,
    g,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as BaseResponse

from lab.calls.access import load_call
from lab.calls.models.call import Call
from lab.importing.batches.responses import check_state, original_file
from lab.proposals.bulk_import import columns, queries_page, service
from lab.proposals.bulk_import.access import load_import
from lab.proposals.bulk_import.forms import ConfirmForm, ImportForm
from lab.proposals.bulk_import.service_check import KIND
from lab.proposals.bulk_import.workbook.annotated import annotated_workbook
from lab.proposals.bulk_import.workbook.results import row_results, stored_table
from lab.proposals.bulk_import.workbook.template import template_workbook
from lab.proposals.models.imports import ProposalImport
from lab.web.downloads import send_private
from lab.web.forms import ButtonForm
from lab.web.pages.edit_cycle import handle_edit, redirect_with
from lab.web.request.guards import actor, guard
from lab.web.spreadsheets.writing import MIME, send_parts

NOTHING_IMPORTED = "情况已变化，重新核对没有通过，一件也没有导入。"
bp = Blueprint("imports", __name__, url_prefix="/proposals/imports")


def _upload_page(call: Call, form: ImportForm) -> str:
    page = queries_page.imports_page(call, accepts=service.accepts_imports(call))
    return render_template(
        "proposals/bulk_import/imports.html", columns=columns, page=page, form=form
    )


@bp.get("/calls/<key>")
@guard("import.list", load_call)
def index(call: Call) -> str:
    return _upload_page(call, ImportForm())


@bp.post("/calls/<key>")
@guard("proposal.import", load_call)
def create(call: Call) -> BaseResponse:
    """Take the template, or (`way` is own) a workbook of any form, whose columns are matched."""
    form = ImportForm()
    own = request.form.get("way") == "own"
    return handle_edit(
        form,
        save=lambda: _begin(call, form, own=own),
        page=lambda: _upload_page(call, form),
        done=lambda address: redirect(address, 303),  # the page says that it is being read
    )


def _begin(call: Call, form: ImportForm, *, own: bool) -> str:
    file = form.files.data[0]
    if not own:
        batch = service.begin_import(call, file, g.person.id)
        return url_for("imports.show", key=batch.key)
    upload = service.begin_own(call, file, g.person.id)
    return url_for("importing.show", key=upload.key)


@bp.get("/calls/<key>/template")
@guard("proposal.import", load_call)
def template_file(call: Call) -> Response:
    return send_private(template_workbook(call.title), f"{call.title}申报汇总表.xlsx", MIME["xlsx"])


def _import_page(batch: ProposalImport, form: ConfirmForm) -> str:
    page = queries_page.import_page(batch, request.args, actor())
    return render_template(
        "proposals/bulk_import/import.html",
        columns=columns,
        page=page,
        form=form,
    )


@bp.get("/<key>")
@guard("import.view", load_import)
def show(batch: ProposalImport) -> str:
    return _import_page(batch, ConfirmForm())


@bp.get("/<key>/state")
@guard("import.view", load_import, unattended=True)
def state(batch: ProposalImport) -> Response:
    """Answer the waiting page: running or done."""
    return check_state(batch, url_for("imports.show", key=batch.key))


@bp.post("/<key>/confirm")
@guard("import.confirm", load_import)
def confirm(batch: ProposalImport) -> BaseResponse:
    form, address = ConfirmForm(), url_for("imports.show", key=batch.key)
    return handle_edit(
        form,
        save=lambda: service.confirm_import(
            batch, g.person.id, with_hidden=form.with_hidden, lenient=form.lenient.data
        ),
        page=lambda: _import_page(batch, form),
        done=lambda count: (
            redirect(address, 303)  # the page says what was imported
            if count
            else redirect_with(NOTHING_IMPORTED, address, "warning")
        ),
    )


@bp.post("/<key>/map")
@guard("import.map", load_import)
def match_columns(batch: ProposalImport) -> BaseResponse:
    """Go on with a file that is not the template: its columns are matched."""
    ButtonForm().validate()
    upload = service.begin_own_again(batch, g.person.id)
    return redirect(url_for("importing.show", key=upload.key), 303)


@bp.post("/<key>/abandon")
@guard("import.abandon", load_import)
def abandon(batch: ProposalImport) -> BaseResponse:
    ButtonForm().validate()
    KIND.abandon(batch)
    flash("已放弃导入。", "success")
    return redirect(url_for("imports.index", key=batch.call.key), 303)


@bp.post("/<key>/marked")
@guard("import.download", load_import)
def marked_file(batch: ProposalImport) -> Response:
    """Download as a POST, because each download is audited."""
    ButtonForm().validate()
    service.record_download(batch, "marked")
    table, results = stored_table(batch), row_results(batch)

    def parts() -> Iterator[bytes]:
        yield annotated_workbook(table, results)  # made when the lock of the database is free again

    return send_parts(parts(), f"{batch.call.title}核对结果.xlsx", MIME["xlsx"])


@bp.post("/<key>/file")
@guard("import.download", load_import)
def original(batch: ProposalImport) -> Response:
    """Return the original file; audited like the annotated one."""
    ButtonForm().validate()
    answer = original_file(batch)
    service.record_download(batch, "original")
    return answer
