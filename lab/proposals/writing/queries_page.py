"""Reads for the page of one step of the form."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import url_for

from lab.files.previews.notes import PreviewNote
from lab.proposals.core import editing
from lab.proposals.core.content.attachment_history import (
    AttachmentSlot,
    attachment_slots,
    preview_notes,
)
from lab.proposals.core.files import active_files
from lab.proposals.core.visibility.contents import working_title
from lab.proposals.joint.queries import confirmed_at, joint_state
from lab.proposals.models.proposal import Proposal, ProposalFile
from lab.proposals.rules import corrections
from lab.proposals.rules.completeness import (
    affected_steps,
    missing_in,
    missing_items,
    step_states,
)
from lab.proposals.rules.corrections import ReturnInfo
from lab.proposals.rules.form.schema import CONFIRMATION_STEP, STEP_OF, FormStep
from lab.proposals.rules.joint import confirmation
from lab.proposals.writing import presence

CONFIRMATION_MARKS = {
    confirmation.CONFIRMED: "done",
    confirmation.RETURNED: "warn",
    confirmation.LAPSED: "warn",
}
Address = Callable[[Proposal, FormStep | None], str]


@dataclass(frozen=True)
class StepPage:
    """A step of the form.

    `started`: something was saved; `steps` are all with label, state and address, and for a joint
    proposal the partner unit's confirmation; `label` is that of this one. `read_only` are the
    fields that a return did not open. `files` and `attachments` are empty but on the step that
    holds them. `last`: no step that may be changed follows, and `next_url` leads to it or to the
    submission. `others` names who else writes; `confirmed_at` is when the partner unit confirmed
    the text as it stands.
    """

    proposal: Proposal
    name: str
    step: FormStep
    started: bool
    steps: Sequence[tuple[str, str, str]]
    label: str
    read_only: Collection[str]
    returned: ReturnInfo | None
    due_on: date | None
    files: Sequence[ProposalFile]
    attachments: tuple[AttachmentSlot, ...]
    preview_notes: Mapping[str, PreviewNote]
    last: bool
    next_url: str
    others: Sequence[str]
    confirmed_at: datetime | None


def step_page(
    proposal: Proposal, step: FormStep, read_only: Collection[str], person_id: int, address: Address
) -> StepPage:
    """Return the page of a step for a person who writes.

    `address` gives that of a step, and with None that of the submission.
    """
    missing = missing_items(proposal, editing.invalid_input_of(proposal))
    editable = editing.editable_fields(proposal)
    started = proposal.saved_at != proposal.created_at
    following = corrections.next_editable_step(step, editable)
    holds_files = step.slug == "files"
    attachments = attachment_slots(proposal.id) if holds_files else ()
    return StepPage(
        proposal=proposal,
        name=working_title(proposal),
        step=step,
        started=started,
        steps=[
            *(
                (_label(part, editable), state, address(proposal, part))
                for part, state in step_states(missing, touched_steps(proposal), step.slug)
            ),
            *_confirmation_step(proposal),
        ],
        label=_label(step, editable),
        read_only=read_only,
        returned=editing.returned_state(proposal),
        due_on=editing.due_on(proposal),
        files=active_files(proposal) if holds_files else (),
        attachments=attachments,
        preview_notes=preview_notes(attachments) if holds_files else {},
        last=following is None,
        next_url=address(proposal, following),
        others=presence.other_editors(proposal, person_id),
        confirmed_at=confirmed_at(proposal),
    )


def step_marks(proposal: Proposal, step: FormStep) -> dict[str, str]:
    """Return the marks that a save of this step can change, by the place of the step from 0."""
    affected = affected_steps(step.slug)
    missing = missing_in(proposal, editing.invalid_input_of(proposal), affected)
    marks = step_states(missing, touched_steps(proposal), step.slug)
    return {str(place): mark for place, (part, mark) in enumerate(marks) if part.slug in affected}


def touched_steps(proposal: Proposal) -> set[str]:
    """Return the slugs of the steps in which something was saved or typed."""
    typed = {STEP_OF[name].slug for name in editing.invalid_input_of(proposal) if name in STEP_OF}
    return {*proposal.step_versions, *typed}


def _confirmation_step(proposal: Proposal) -> list[tuple[str, str, str]]:
    """The partner unit's confirmation as the last of the steps; none where a unit applies alone."""
    joint = joint_state(proposal)
    if joint is None:
        return []
    address = url_for("proposals.joint", key=proposal.key)
    return [(CONFIRMATION_STEP, CONFIRMATION_MARKS.get(joint.code, "todo"), address)]


def _label(step: FormStep, editable: Collection[str]) -> str:
    """The step in the list of steps; of a returned proposal those that are open say so."""
    if editable == corrections.ALL_FIELDS or not set(step.fields) & set(editable):
        return step.label
    return f"{step.label}（可修改）"
