"""Actions of a call's lifecycle, and the files of its notice."""

from __future__ import annotations

from collections.abc import Callable

from flask import url_for
from werkzeug.wrappers import Response

from lab.calls.access import Attached, load_attached, load_call
from lab.calls.blueprint import bp
from lab.calls.models.call import Call
from lab.calls.notice import service as notice_service
from lab.calls.pages import service
from lab.calls.pages.forms import FilesForm
from lab.calls.pages.views import edit_page
from lab.files.storing.serving import send_stored
from lab.files.storing.uploads import ReceivedUpload, discard_upload, receive_all
from lab.rejected import Rejected
from lab.web.pages.edit_cycle import handle_edit, redirect_with
from lab.web.request.guards import guard


def _run_action(call: Call, verb: Callable[[Call], None], done: str) -> Response:
    verb(call)
    return redirect_with(done, url_for("calls.show", key=call.key))


@bp.post("/<key>/publish")
@guard("call.publish", load_call)
def publish(call: Call) -> Response:
    return _run_action(call, service.publish, "批次已发布，已通知全部申报人。")


@bp.post("/<key>/open")
@guard("call.open", load_call)
def open_now(call: Call) -> Response:
    return _run_action(call, service.open_now, "已开始征集。")


@bp.post("/<key>/close")
@guard("call.close", load_call)
def close_now(call: Call) -> Response:
    return _run_action(call, service.close_now, "已截止征集，不再接收申报。")


@bp.post("/<key>/archive")
@guard("call.archive", load_call)
def archive(call: Call) -> Response:
    return _run_action(call, service.archive, "批次已归档。")


def _receive_uploads(form: FilesForm) -> list[ReceivedUpload]:
    """Receive the chosen files while no transaction is open: all of them or none."""
    # The page of a call shows no pictures of its files.
    received, messages = receive_all(form.files.data, pictures_shown=False)
    if messages:
        for each in received:
            discard_upload(each)
        raise Rejected("".join(messages), "files")
    return received


@bp.post("/<key>/files")
@guard("call.edit", load_call)
def add_files(call: Call) -> Response:
    form = FilesForm()
    return handle_edit(
        form,
        save=lambda: notice_service.add_files(call, _receive_uploads(form)),
        page=lambda: edit_page(call, None, form),
        done=lambda _: redirect_with("附件已上传。", url_for("calls.edit", key=call.key)),
    )


@bp.post("/<key>/files/<file_key>/remove")
@guard("call.edit", load_attached)
def remove_file(attached: Attached) -> Response:
    notice_service.remove_file(attached.call, attached.row)
    return redirect_with("附件已移除。", url_for("calls.edit", key=attached.call.key))


@bp.get("/<key>/files/<file_key>")
@guard("file.download", load_attached)
def download(attached: Attached) -> Response:
    file = attached.row.file
    return send_stored(file)
