"""The check page before submission, submission, the confirmation page, deletion."""

from __future__ import annotations

from datetime import datetime

from flask import flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from lab import clock
from lab.proposals.access import Submitted, load_proposal, load_version
from lab.proposals.attachments import service as attachments_service
from lab.proposals.blueprint import bp, file_url
from lab.proposals.core import deadlines
from lab.proposals.core.content import versions as core_versions
from lab.proposals.models.proposal import Proposal
from lab.proposals.submission import queries_page, service
from lab.proposals.writing import admission
from lab.proposals.writing import service as drafts
from lab.proposals.writing.forms.field_forms import SubmitForm
from lab.web.forms import ButtonForm
from lab.web.pages.edit_cycle import handle_edit, redirect_with
from lab.web.request.guards import actor, guard


def _page(proposal: Proposal, form: SubmitForm) -> str:
    deadline = deadlines.submission_deadline(proposal)
    reason = _reason_not_to_submit(proposal, deadline)
    page = queries_page.submit_page(proposal, actor(), deadline, reason_not_to_submit=reason)
    return render_template("proposals/submission/submit.html", page=page, form=form)


def _reason_not_to_submit(proposal: Proposal, deadline: datetime | None) -> str:
    too_late = service.reason_not_to_submit_at(proposal, clock.now(), deadline)
    return too_late or admission.reason_not_to_submit(proposal)


@bp.get("/<key>/submit")
@guard("proposal.submit", load_proposal)
def submit_page(proposal: Proposal) -> str:
    return _page(proposal, SubmitForm(data={"version": proposal.version}))


@bp.post("/<key>/submit")
@guard("proposal.submit", load_proposal)
def submit(proposal: Proposal) -> Response:
    form = SubmitForm()
    return handle_edit(
        form,
        save=lambda: _submit(proposal, form),
        page=lambda: _page(proposal, form),
        done=lambda number: _to_receipt(proposal, f"已提交，申报编号{number}。"),
    )


def _submit(proposal: Proposal, form: SubmitForm) -> str:
    attachments_service.require_intact(proposal)
    return service.submit(
        proposal, g.person.id, pledged=form.pledge.data, version=form.version.data
    )


def _to_receipt(proposal: Proposal, message: str) -> Response:
    newest = core_versions.latest_version(proposal.id)
    return redirect_with(message, url_for("proposals.submitted", key=proposal.key, number=newest))


@bp.get("/<key>/versions/<int:number>/submitted")
@guard("paper.view", load_version)
def submitted(submitted_version: Submitted) -> str:
    """Show what the submission produced: number, time, fingerprint, next steps."""
    page = queries_page.submitted_page(
        submitted_version.proposal, submitted_version.version, actor()
    )
    return render_template("proposals/submission/submitted.html", page=page)


@bp.get("/<key>/as-reviewers-see")
@guard("proposal.view", load_proposal)
def as_reviewers_see(proposal: Proposal) -> str:
    """Show exactly what reviewers see, of the text as it would be or was last submitted."""
    return render_template(
        "proposals/submission/as_reviewers_see.html",
        page=queries_page.reviewers_view(proposal, actor()),
        file_url=file_url(proposal),
    )


@bp.post("/<key>/delete")
@guard("proposal.delete", load_proposal)
def delete(proposal: Proposal) -> Response:
    ButtonForm().validate()
    drafts.delete_draft(proposal)
    flash("草稿已删除。", "success")
    return redirect(url_for("proposals.index"), 303)
