"""Snapshots of the last hour: the list, one compared with the current text, restoring it."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lab.proposals.access import load_proposal
from lab.proposals.blueprint import bp
from lab.proposals.core import editing as core_editing
from lab.proposals.core.comparison import FieldChange
from lab.proposals.models.drafts import ProposalDraftSnapshot
from lab.proposals.models.proposal import Proposal
from lab.proposals.rules import corrections
from lab.proposals.rules.form.schema import LABELS, STEPS
from lab.proposals.writing import columns, service, snapshots
from lab.proposals.writing.forms.field_forms import FORMS
from lab.proposals.writing.forms.step_forms import fill_choices, stored_values, without_fields
from lab.proposals.writing.queries_page import snapshot_page, snapshots_page
from lab.proposals.writing.service import SaveDraft
from lab.text_diff import diff_text
from lab.web.forms import EditForm
from lab.web.request.guards import guard


def _requested_snapshot(proposal: Proposal) -> ProposalDraftSnapshot:
    snapshot = snapshots.find_snapshot(proposal, int((request.view_args or {})["snapshot"]))
    if snapshot is None:
        abort(404)
    return snapshot


def _display_text(
    form: EditForm, name: str, values: dict[str, Any], unfinished: dict[str, Any]
) -> str:
    if name not in unfinished:
        return str(form[name].display_text(values[name]))
    typed = unfinished[name]
    if isinstance(typed, str):
        return typed
    return "\n".join("，".join(filter(None, row.values())) for row in typed)


def _changes_against_current(
    proposal: Proposal, snapshot: ProposalDraftSnapshot
) -> tuple[FieldChange, ...]:
    """Return what restoring the text would change."""
    values, unfinished = snapshots.snapshot_values(snapshot)
    open_now, changes = core_editing.invalid_input_of(proposal), []
    editable = core_editing.editable_fields(proposal)
    for step in STEPS:
        form, stored = FORMS[step.slug](formdata=None), stored_values(proposal, step)
        fill_choices(form, step.slug)
        for name in (name for name in stored if name in editable):
            now, snapshot_text = (
                _display_text(form, name, *side)
                for side in ((stored, open_now), (values, unfinished))
            )
            if now != snapshot_text:
                changes.append(FieldChange(LABELS[name], diff_text(now, snapshot_text)))
    return tuple(changes)


@bp.get("/<key>/drafts")
@guard("proposal.edit", load_proposal)
def draft_list(proposal: Proposal) -> str:
    page = snapshots_page(proposal)
    return render_template("proposals/writing/drafts.html", columns=columns, page=page)


@bp.get("/<key>/drafts/<int:snapshot>")
@guard("proposal.edit", load_proposal)
def draft(proposal: Proposal) -> str:
    snapshot = _requested_snapshot(proposal)
    page = snapshot_page(proposal, snapshot, _changes_against_current(proposal, snapshot))
    form = EditForm(formdata=None, data={"version": proposal.version})
    return render_template("proposals/writing/draft.html", page=page, form=form)


@bp.post("/<key>/drafts/<int:snapshot>")
@guard("proposal.edit", load_proposal)
def restore_draft(proposal: Proposal) -> Response:
    snapshot, form = _requested_snapshot(proposal), EditForm()
    if not form.validate():
        abort(400)
    values, unfinished = snapshots.snapshot_values(snapshot)
    read_only = corrections.ALL_FIELDS - core_editing.editable_fields(proposal)
    service.save_draft(
        SaveDraft(
            proposal,
            form.version.data,
            without_fields(read_only, values),
            invalid_input=without_fields(read_only, unfinished),
            person_id=g.person.id,
            action="proposal.restore",
        )
    )
    flash("已恢复。恢复前的内容也在“最近一小时的草稿”中。", "success")
    return redirect(url_for("proposals.step", key=proposal.key, slug=STEPS[0].slug), 303)
