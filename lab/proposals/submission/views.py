"""The check page before submission, submission, the page after it, deletion."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from lab import clock
from lab.proposals.access import Submitted, load_proposal, load_version
from lab.proposals.attachments import service as attachments_service
from lab.proposals.blueprint import bp, file_url
from lab.proposals.core import content, deadlines
from lab.proposals.core import editing as core_editing
from lab.proposals.core import notifications as core_notifications
from lab.proposals.core import versions as core_versions
from lab.proposals.core.readiness import submission_blockers
from lab.proposals.core.visibility import contents
from lab.proposals.joint import queries as joint_queries
from lab.proposals.models.proposal import Proposal
from lab.proposals.pages import next_step
from lab.proposals.rules.completeness import MissingItem
from lab.proposals.rules.form_schema import OFFICE_LABELS, PLEDGE, STEPS, Step
from lab.proposals.rules.lifecycle import WRITING, ProposalStatus
from lab.proposals.search import queries_similar
from lab.proposals.submission import service
from lab.proposals.writing import admission
from lab.proposals.writing import service as drafts
from lab.proposals.writing.forms import SubmitForm
from lab.web.forms import ButtonForm
from lab.web.pages.edit_cycle import handle_edit, redirect_with
from lab.web.request.guards import actor, guard


def _page(proposal: Proposal, form: SubmitForm) -> str:
    found, until = submission_blockers(proposal), deadlines.submission_deadline(proposal)
    late = service.may_submit_at(proposal, clock.now(), until)
    return render_template(
        "proposals/submission/submit.html",
        proposal=proposal,
        name=core_notifications.title_of(proposal),
        form=form,
        gaps=found,
        steps=_by_step(found),
        joint=joint_queries.joint_state(proposal),
        pledge_text=PLEDGE,
        late=late or admission.why_not_submit(proposal),
        due_on=core_editing.due_on(proposal),
        until=next_step.next_step(proposal, until).until,
        similar=queries_similar.similar_to(actor(), proposal),
        returned=core_editing.returned_state(proposal),
        opened=core_editing.editable_fields(proposal),
    )


def _by_step(found: Sequence[MissingItem]) -> list[tuple[int, Step, list[MissingItem]]]:
    """Each step of the form with its place, counted from 1, and what is missing there."""
    return [
        (place, step, [gap for gap in found if gap.step == step])
        for place, step in enumerate(STEPS, start=1)
    ]


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
    attachments_service.expect_whole(proposal)
    return service.submit(
        proposal, g.person.id, pledged=form.pledge.data, version=form.version.data
    )


def _to_receipt(proposal: Proposal, message: str) -> Response:
    newest = core_versions.latest_version(proposal.id)
    return redirect_with(message, url_for("proposals.submitted", key=proposal.key, number=newest))


@bp.get("/<key>/versions/<int:number>/submitted")
@guard("paper.view", load_version)
def submitted(found: Submitted) -> str:
    """What a person has in hand after submitting: number, time, fingerprint, what comes next."""
    proposal = found.proposal
    return render_template(
        "proposals/submission/submitted.html",
        proposal=proposal,
        name=contents.name_for(actor(), proposal),
        version=found.version,
        next=next_step.next_step(proposal, deadlines.submission_deadline(proposal)),
        awaits_check=proposal.status == ProposalStatus.SUBMITTED,
    )


@bp.get("/<key>/as-reviewers-see")
@guard("proposal.view", load_proposal)
def as_reviewers_see(proposal: Proposal) -> str:
    """Exactly what reviewers see: the text as it would go in now, or as it was handed in last."""
    own = contents.sight(actor(), proposal) is contents.Sight.WORKING
    unsent = own and proposal.status in WRITING
    shown = contents.text_for(actor(), proposal) if unsent else contents.text_handed_in(proposal)
    text = shown.content
    return render_template(
        "proposals/submission/as_reviewers_see.html",
        proposal=proposal,
        name=text.title or contents.UNNAMED,
        content=content.for_reviewers(text),
        hidden=OFFICE_LABELS,
        unsent=unsent,
        file_url=file_url(proposal),
    )


@bp.post("/<key>/delete")
@guard("proposal.delete", load_proposal)
def delete(proposal: Proposal) -> Response:
    ButtonForm().validate()
    drafts.delete_draft(proposal)
    flash("草稿已删除。", "success")
    return redirect(url_for("proposals.index"), 303)
