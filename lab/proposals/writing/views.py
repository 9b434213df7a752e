"""Pages for writing a proposal: begin, the six steps."""

from __future__ import annotations

from typing import Any

from flask import g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lab import clock
from lab.calls.access import load_call
from lab.calls.models.call import Call
from lab.editing.draft_cycle import DraftSaved, handle_draft
from lab.files.storing.uploads import ReceivedUpload, receive_all
from lab.proposals.access import load_proposal
from lab.proposals.attachments import service as attachments_service
from lab.proposals.blueprint import bp
from lab.proposals.core import editing as core_editing
from lab.proposals.core.visibility.contents import resource_of
from lab.proposals.models.proposal import Proposal
from lab.proposals.rules import corrections
from lab.proposals.rules.form import schema
from lab.proposals.rules.form.schema import FormStep
from lab.proposals.writing import queries_page, service
from lab.proposals.writing.forms.commands import step_command
from lab.proposals.writing.forms.step_forms import (
    fill_read_only_fields,
    filled_form,
    posted_form,
    requested_step,
    stored_values,
    without_fields,
)
from lab.rejected import Rejected
from lab.web.fields.rows import RowsField
from lab.web.forms import EditForm
from lab.web.pages.conflict import conflict_page
from lab.web.pages.edit_cycle import handle_action, redirect_with
from lab.web.request.guards import actor, can, guard

SAVED_WITH_ERRORS = "填写的内容已经保存。标红的地方没有通过检查，请改正后再保存。"


# -- begin -------------------------------------------------------------------------------------


@bp.post("/new/<key>")
@guard("proposal.create", load_call)
def create(call: Call) -> Response:
    return handle_action(
        save=lambda: service.create_draft(call, g.person),
        done=lambda proposal: redirect(_address(proposal, schema.STEPS[0]), 303),
        rejected=lambda error: redirect_with(
            error.message, url_for("calls.show", key=call.key), "danger"
        ),
    )


# -- steps -------------------------------------------------------------------------------------


def _address(proposal: Proposal, step: FormStep | None, **extra: Any) -> str:
    if step is None:
        return url_for("proposals.submit_page", key=proposal.key)
    return url_for("proposals.step", key=proposal.key, slug=step.slug, **extra)


def _page(proposal: Proposal, step: FormStep, form: EditForm) -> str:
    read_only = fill_read_only_fields(form, proposal, step)
    page = queries_page.step_page(proposal, step, read_only, g.person.id, _address)
    return render_template(
        "proposals/writing/step.html", page=page, form=form, saved=SAVED_WITH_ERRORS
    )


def show_step(proposal: Proposal, step: FormStep) -> str:
    """Render the page of a step."""
    return _page(proposal, step, filled_form(proposal, step))


def save_step(proposal: Proposal, step: FormStep) -> Response:
    """Save the post: valid fields, and raw input of the rest."""
    form = posted_form(proposal, step)
    return handle_draft(
        form,
        save=lambda valid: _store(proposal, step, form, valid=valid),
        page=lambda: _page(proposal, step, form),
        conflict=lambda: _conflict_page(proposal, step, form),
        done=lambda _: _after_save(proposal, step, form),
        correctable=False,
        autosaves=False,
    )


def _store(proposal: Proposal, step: FormStep, form: EditForm, *, valid: bool) -> DraftSaved:
    uploads, refused = _receive_uploads(proposal, form, step)
    remove = request.form.get("remove", "")
    refused += service.save_draft(
        step_command(proposal, step, form, uploads=uploads, remove=remove)
    )
    if refused:
        form["files"].errors = [*form["files"].errors, *refused]
    rows_changed = "add" in request.form or "drop" in request.form
    return DraftSaved(proposal.version, rows_changed or (valid and not refused))


def _conflict_page(proposal: Proposal, step: FormStep, form: EditForm) -> Response:
    read_only = corrections.read_only_fields(step, core_editing.editable_fields(proposal))
    stored = without_fields(read_only, stored_values(proposal, step))
    for name in read_only:
        del form[name]
    return conflict_page(form, stored, proposal.version, _address(proposal, step))


def _receive_uploads(
    proposal: Proposal, form: EditForm, step: FormStep
) -> tuple[list[ReceivedUpload], list[str]]:
    """Receive the chosen files while no transaction is open.

    Also return why others were rejected.
    """
    if step.slug != "files" or form["files"].errors or not form["files"].data:
        return [], []
    received, messages = receive_all(form["files"].data)
    if not can("proposal.attach", resource_of(actor(), proposal)):
        raise Rejected(attachments_service.ENDED_MESSAGE)
    return received, messages


def _after_save(proposal: Proposal, step: FormStep, form: EditForm) -> Response:
    if any(button in request.form for button in ("add", "drop", "remove")):
        return redirect(_row_address(proposal, step, form), 303)
    editable = core_editing.editable_fields(proposal)
    following = corrections.next_editable_step(step, editable) if "next" in request.form else step
    message = f"已保存 {clock.beijing(clock.now()):%H:%M}。"
    return redirect_with(message, _address(proposal, following))


def _row_address(proposal: Proposal, step: FormStep, form: EditForm) -> str:
    """Return where to go after a row was added or dropped, or a file removed.

    With a new row there is no anchor, which would keep the caret out of it.
    """
    more = request.form.get("add", "")
    field = form[more] if more in step.fields else None
    if isinstance(field, RowsField) and len(field.rows) < field.most:
        return _address(proposal, step, more=more, rows=len(field.rows) + 1)
    name = more or request.form.get("drop", "").rpartition("-")[0] or "files"
    return _address(proposal, step, **({"_anchor": name} if name in step.fields else {}))


@bp.get("/<key>/edit/<slug>")
@guard("proposal.edit", load_proposal)
def step(proposal: Proposal) -> str:
    return show_step(proposal, requested_step())


@bp.post("/<key>/edit/<slug>")
@guard("proposal.edit", load_proposal)
def save(proposal: Proposal) -> Response:
    return save_step(proposal, requested_step())


@bp.post("/<key>/edit/files")
@guard("proposal.attach", load_proposal)
def save_files(proposal: Proposal) -> Response:
    return save_step(proposal, schema.BY_SLUG["files"])
