"""Snapshots of the last hour: the list, one compared with the current text, restoring it."""

from __future__ import annotations

from flask import abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lab.proposals.access import load_proposal
from lab.proposals.blueprint import bp
from lab.proposals.core import editing as core_editing
from lab.proposals.models.drafts import ProposalDraftSnapshot
from lab.proposals.models.proposal import Proposal
from lab.proposals.rules import corrections
from lab.proposals.rules.form.schema import STEPS
from lab.proposals.writing import columns, queries_snapshots, service
from lab.proposals.writing.forms.changes import changes_against_current
from lab.proposals.writing.forms.step_forms import without_fields
from lab.proposals.writing.queries_page import snapshot_page, snapshots_page
from lab.proposals.writing.service import SaveDraft
from lab.web.forms import EditForm
from lab.web.request.guards import guard


def _requested_snapshot(proposal: Proposal) -> ProposalDraftSnapshot:
    snapshot = queries_snapshots.find_snapshot(proposal, int((request.view_args or {})["snapshot"]))
    if snapshot is None:
        abort(404)
    return snapshot


@bp.get("/<key>/drafts")
@guard("proposal.edit", load_proposal)
def draft_list(proposal: Proposal) -> str:
    page = snapshots_page(proposal)
    return render_template("proposals/writing/drafts.html", columns=columns, page=page)


@bp.get("/<key>/drafts/<int:snapshot>")
@guard("proposal.edit", load_proposal)
def draft(proposal: Proposal) -> str:
    snapshot = _requested_snapshot(proposal)
    changes = changes_against_current(proposal, *queries_snapshots.snapshot_values(snapshot))
    page = snapshot_page(proposal, snapshot, changes)
    form = EditForm(formdata=None, data={"version": proposal.version})
    return render_template("proposals/writing/draft.html", page=page, form=form)


@bp.post("/<key>/drafts/<int:snapshot>")
@guard("proposal.edit", load_proposal)
def restore_draft(proposal: Proposal) -> Response:
    snapshot, form = _requested_snapshot(proposal), EditForm()
    if not form.validate():
        abort(400)
    values, unfinished = queries_snapshots.snapshot_values(snapshot)
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
