"""Reads for the check page before submission and for the page after it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from lab.policy import Actor
from lab.proposals.core import deadlines, editing
from lab.proposals.core.content import comparison, content
from lab.proposals.core.content.reader import Content
from lab.proposals.core.readiness import submission_blockers
from lab.proposals.core.visibility import contents
from lab.proposals.joint.queries import JointState, joint_state
from lab.proposals.models.proposal import Proposal, ProposalVersion
from lab.proposals.pages.next_step import next_step
from lab.proposals.rules.completeness import MissingItem
from lab.proposals.rules.corrections import ReturnInfo, first_editable_step
from lab.proposals.rules.form.schema import OFFICE_LABELS, PLEDGE, STEPS, UNNAMED, FormStep
from lab.proposals.rules.lifecycle import WRITING, ProposalStatus
from lab.proposals.rules.progress import NextStep
from lab.proposals.search.queries_similar import SimilarProposals, similar_to


@dataclass(frozen=True)
class SubmitPage:
    """A proposal before it is submitted.

    `missing` is all that keeps it from being submitted, `steps` the same by step of the form with
    its place counted from 1; the partner unit's confirmation follows the steps of a joint one as
    `confirmation`. `reason_not_to_submit` is "" while it may be submitted;
    `until` is the last moment or day, none where it is over. `editable` are the fields that may be
    changed, `edit_step` the first step that has some. Of a return, `unchanged` are the slugs of the
    steps it opened in which nothing was changed yet, `untouched`: nothing was changed at all.
    """

    proposal: Proposal
    name: str
    missing: Sequence[MissingItem]
    steps: Sequence[tuple[int, FormStep, list[MissingItem]]]
    confirmation: Sequence[MissingItem]
    joint: JointState | None
    pledge_text: str
    reason_not_to_submit: str
    due_on: date | None
    until: datetime | date | None
    similar: SimilarProposals
    returned: ReturnInfo | None
    editable: Collection[str]
    edit_step: FormStep
    unchanged: Collection[str]
    untouched: bool


def submit_page(
    proposal: Proposal, reader: Actor, deadline: datetime | None, *, reason_not_to_submit: str
) -> SubmitPage:
    """Return the check page; `reason_not_to_submit` as the services say it."""
    missing = submission_blockers(proposal)
    editable, returned = editing.editable_fields(proposal), editing.returned_state(proposal)
    changes = comparison.changes_since_submission(proposal) if returned else None
    opened = {part.step.slug for part in returned.parts} if returned else set()
    return SubmitPage(
        proposal=proposal,
        name=contents.working_title(proposal),
        missing=missing,
        steps=_by_step(missing),
        confirmation=[item for item in missing if item.page],
        joint=joint_state(proposal),
        pledge_text=PLEDGE,
        reason_not_to_submit=reason_not_to_submit,
        due_on=editing.due_on(proposal),
        until=next_step(proposal, deadline).until,
        similar=similar_to(reader, proposal),
        returned=returned,
        editable=editable,
        edit_step=first_editable_step(editable),
        unchanged=opened - comparison.changed_steps(changes or ()),
        untouched=changes == (),
    )


def _by_step(missing: Sequence[MissingItem]) -> list[tuple[int, FormStep, list[MissingItem]]]:
    return [
        (number, step, [item for item in missing if item.step == step and not item.page])
        for number, step in enumerate(STEPS, start=1)
    ]


@dataclass(frozen=True)
class SubmittedPage:
    """What a person has in hand after submitting: number, time, fingerprint, what comes next."""

    proposal: Proposal
    name: str
    version: ProposalVersion
    next: NextStep
    awaits_check: bool


def submitted_page(proposal: Proposal, version: ProposalVersion, reader: Actor) -> SubmittedPage:
    """Return the page after submission."""
    return SubmittedPage(
        proposal,
        contents.title_for(reader, proposal),
        version,
        next_step(proposal, deadlines.submission_deadline(proposal)),
        proposal.status == ProposalStatus.SUBMITTED,
    )


@dataclass(frozen=True)
class ReviewersView:
    """Exactly what reviewers see; `hidden` are the labels of what they do not see, `unsent`: the
    text as it would go in now."""

    proposal: Proposal
    name: str
    content: Content
    hidden: Sequence[str]
    unsent: bool


def reviewers_view(proposal: Proposal, reader: Actor) -> ReviewersView:
    """Return the text as it would go in now, or as it was handed in last."""
    own = contents.sight_of(reader, proposal) is contents.Sight.WORKING
    unsent = own and proposal.status in WRITING
    seen = (
        contents.content_for(reader, proposal) if unsent else contents.submitted_content(proposal)
    )
    text = seen.content
    name = text.title or UNNAMED
    return ReviewersView(proposal, name, content.for_reviewers(text), OFFICE_LABELS, unsent)
