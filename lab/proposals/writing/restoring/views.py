"""Snapshots of the last hour: the list, one compared with the current text, restoring it."""

from __future__ import annotations

from flask import abort, render_template, request, url_for
from werkzeug.wrappers import Response

from lab.proposals.access import load_proposal
from lab.proposals.blueprint import bp
from lab.proposals.core.editing import editable_fields
from lab.proposals.models.drafts import ProposalDraftSnapshot
from lab.proposals.models.proposal import Proposal
from lab.proposals.rules.corrections import first_editable_step
from lab.proposals.writing import service
from lab.proposals.writing.forms.changes import changes_against_current
from lab.proposals.writing.forms.commands import save_command
from lab.proposals.writing.restoring import columns, queries
from lab.proposals.writing.restoring.queries_page import snapshot_page, snapshots_page
from lab.web.forms import EditForm
from lab.web.pages.edit_cycle import handle_edit, redirect_with
from lab.web.request.guards import guard


def _requested_snapshot(proposal: Proposal) -> ProposalDraftSnapshot:
    snapshot = queries.find_snapshot(proposal, int((request.view_args or {})["snapshot"]))
    if snapshot is None:
        abort(404)
    return snapshot


@bp.get("/<key>/drafts")
@guard("proposal.edit", load_proposal)
def draft_list(proposal: Proposal) -> str:
    page = snapshots_page(proposal)
    return render_template("proposals/writing/restoring/drafts.html", columns=columns, page=page)


@bp.get("/<key>/drafts/<int:snapshot>")
@guard("proposal.edit", load_proposal)
def draft(proposal: Proposal) -> str:
    form = EditForm(formdata=None, data={"version": proposal.version})
    return _page(proposal, _requested_snapshot(proposal), form)


def _page(proposal: Proposal, snapshot: ProposalDraftSnapshot, form: EditForm) -> str:
    changes = changes_against_current(proposal, *queries.snapshot_values(snapshot))
    page = snapshot_page(proposal, snapshot, changes)
    return render_template("proposals/writing/restoring/draft.html", page=page, form=form)


@bp.post("/<key>/drafts/<int:snapshot>")
@guard("proposal.edit", load_proposal)
def restore_draft(proposal: Proposal) -> Response:
    snapshot, form = _requested_snapshot(proposal), EditForm()
    return handle_edit(
        form,
        save=lambda: _restore(proposal, snapshot, form),
        page=lambda: _page(proposal, snapshot, form),
        done=lambda _: redirect_with(
            "已恢复。恢复前的内容也在“最近一小时的草稿”中。",
            url_for("proposals.step", key=proposal.key, slug=_edit_slug(proposal)),
        ),
        correctable=False,
    )


def _edit_slug(proposal: Proposal) -> str:
    return first_editable_step(editable_fields(proposal)).slug


def _restore(proposal: Proposal, snapshot: ProposalDraftSnapshot, form: EditForm) -> None:
    values, unfinished = queries.snapshot_values(snapshot)
    command = save_command(proposal, form.version.data, values, unfinished, action=service.RESTORE)
    service.save_draft(command)
