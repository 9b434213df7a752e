"""Single attachments: upload with progress, replace, view.

Checking and writing a file takes time, so the request's transaction is released before; the action
begins a new one and checks the state again.
"""

from __future__ import annotations

import re
from typing import Any

from flask import Response, abort, g, jsonify, redirect, render_template, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as BaseResponse

from lab.files.inspection.active import pictures_only_note
from lab.files.previews.responses import picture_response, state_response
from lab.files.storing.serving import send_stored
from lab.files.storing.uploads import receive_all
from lab.proposals.access import Attached, load_file, load_proposal
from lab.proposals.attachments import queries_page, service
from lab.proposals.attachments.forms import ReplaceForm
from lab.proposals.blueprint import bp
from lab.proposals.core.content import attachment_history
from lab.proposals.core.visibility.contents import resource_of
from lab.proposals.models.proposal import Proposal, ProposalFile
from lab.rejected import Rejected
from lab.web.pages.edit_cycle import handle_edit, redirect_with
from lab.web.request.guards import actor, can, guard

Answer = Response | tuple[Response, int]
_KEY = re.compile(r"[a-z0-9]{8,32}")
INCOMPLETE_MESSAGE = "没有收到文件，请重新选择。"
SAVED = "已保存"
REPLACED = "附件已替换，原来的文件在历史中。"


def _attach(proposal: Proposal, upload: FileStorage, **which: Any) -> tuple[ProposalFile, str]:
    """Receive one upload and attach it; also return what its owner is told. Raises Rejected."""
    received, messages = receive_all([upload])
    if messages:
        raise Rejected(messages[0], "files")
    if not can("proposal.attach", resource_of(actor(), proposal)):
        raise Rejected(service.ENDED_MESSAGE, "files")
    return service.attach(proposal, received[0], g.person.id, **which), received[0].note


# -- upload with progress ----------------------------------------------------------------------


@bp.post("/<key>/files")
@guard("proposal.attach", load_proposal)
def attach(proposal: Proposal) -> Answer:
    """Attach one file; answer in JSON with the updated list and its version.

    Two answers may arrive in another order than their files were stored: the list with the higher
    version is the newer one.
    """
    upload, upload_key = request.files.get("file"), request.form.get("upload_key", "")
    if upload is None or not _KEY.fullmatch(upload_key):
        return jsonify(state="refused", text=INCOMPLETE_MESSAGE), 422
    note = ""
    if not (row := service.find_upload(proposal, upload_key)):
        try:
            row, note = _attach(
                proposal,
                upload,
                upload_key=upload_key,
                replaces=request.form.get("replaces", ""),
            )
        except Rejected as error:
            return jsonify(state="refused", text=error.message), 422
    withheld = pictures_only_note(row.file.active_codes) if row.file.active_codes else ""
    text = f"{SAVED}。{note}{withheld}" if note or withheld else SAVED
    # The list is never older than this version, which was read before it or under the row's lock.
    return jsonify(
        state="saved",
        text=text,
        file=row.file.key,
        version=proposal.version,
        list=_list(proposal),
    )


def _list(proposal: Proposal) -> str:
    places = attachment_history.attachment_slots(proposal.id)
    return render_template(
        "proposals/attachments/_file_list.html",
        proposal=proposal,
        places=places,
        notes=attachment_history.preview_notes(places),
    )


@bp.get("/<key>/files/previews")
@guard("proposal.attach", load_proposal, unattended=True)
def preview_notes(proposal: Proposal) -> Response:
    """Answer in JSON what is said of each attachment's pictures, by its key."""
    slots = attachment_history.attachment_slots(proposal.id)
    notes = attachment_history.preview_notes(slots)
    return jsonify(
        files={key: {"state": note.state, "text": note.text} for key, note in notes.items()}
    )


@bp.get("/<key>/files/<file_key>/replace")
@guard("proposal.attach", load_file)
def replace_page(attached: Attached) -> str:
    return _replace(attached, ReplaceForm(formdata=None))


def _replace(attached: Attached, form: ReplaceForm) -> str:
    page = queries_page.replace_page(attached)
    return render_template("proposals/attachments/replace.html", page=page, form=form)


@bp.post("/<key>/files/<file_key>/replace")
@guard("proposal.attach", load_file)
def replace(attached: Attached) -> BaseResponse:
    """Replace without scripts; with them the step's page uses `attach`."""
    form, proposal = ReplaceForm(), attached.proposal
    back = url_for("proposals.step", key=proposal.key, slug="files", _anchor="files")
    return handle_edit(
        form,
        save=lambda: _attach(proposal, form.files.data[0], replaces=attached.key),
        page=lambda: _replace(attached, form),
        done=lambda stored: redirect_with(f"{REPLACED}{stored[1]}", back),
    )


# -- look at -----------------------------------------------------------------------------------


@bp.get("/<key>/files/<file_key>")
@guard("file.download", load_file)
def download(attached: Attached) -> BaseResponse:
    file = attached.file
    if file.active_codes:  # its page says why, and shows it
        key = attached.proposal.key
        return redirect(url_for("proposals.preview", key=key, file_key=file.key), 303)
    return send_stored(file)


@bp.get("/<key>/files/<file_key>/preview")
@guard("file.preview", load_file)
def preview(attached: Attached) -> str:
    page = queries_page.attachment_page(attached, actor())
    return render_template("proposals/attachments/preview.html", page=page)


@bp.get("/<key>/files/<file_key>/preview/state")
@guard("file.preview", load_file, unattended=True)
def preview_state(attached: Attached) -> Response:
    url = url_for("proposals.preview", key=attached.proposal.key, file_key=attached.key)
    return state_response(attached.file, url)


@bp.get("/<key>/files/<file_key>/preview/<int:page>")
@guard("file.preview", load_file)
def preview_page(attached: Attached) -> Response:
    return picture_response(attached.file) or abort(404)
