"""Queries of a joint application: confirmation status, requests and answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lab import clock
from lab.canonical import canonical_json
from lab.policy import Actor
from lab.proposals.core.content import comparison, content
from lab.proposals.core.content import reader as content_reader
from lab.proposals.core.content.comparison import FieldChange
from lab.proposals.core.visibility.relations import relations
from lab.proposals.models.proposal import Proposal
from lab.proposals.rules.joint import confirmation
from lab.proposals.rules.joint.lifecycle import CONFIRMATION, ConfirmationStatus
from lab.proposals.rules.lifecycle import IN_CHECK, WRITING
from lab.workflow import State

WHOLE_UNIT = "单位任一人员"


@dataclass(frozen=True)
class JointState:
    """Status of the partner's confirmation, as code and text.

    `told_today`: the partner was asked or reminded today, and is not reminded again; `submitted`:
    the proposal was submitted before the partner unit has confirmed. `person` is "" where the whole
    unit is asked.
    """

    code: str
    message: str
    tone: str
    unit: str
    person: str
    told_today: bool = False
    submitted: bool = False

    @property
    def may_ask(self) -> bool:
        """Whether the partner unit can be asked (again)."""
        return self.code in (confirmation.NOT_ASKED, confirmation.RETURNED, confirmation.LAPSED)

    @property
    def is_confirmed(self) -> bool:
        """Whether the confirmation holds for the content as it stands."""
        return self.code == confirmation.CONFIRMED

    @property
    def is_asked(self) -> bool:
        """Whether an answer is waited for."""
        return self.code == confirmation.ASKED

    @property
    def differs(self) -> bool:
        """Whether an answer referred to content that has changed since."""
        return self.code in (confirmation.LAPSED, confirmation.RETURNED, confirmation.ASKED)


def joint_state(proposal: Proposal) -> JointState | None:
    """Return the status; None for a proposal without partner unit, and once it was confirmed.

    After the formality check nobody is asked any more.
    """
    submitted = proposal.status not in WRITING
    if proposal.joint_unit is None or (submitted and not awaits_confirmation(proposal)):
        return None
    code = content.confirmation_status(proposal)
    messages = confirmation.SUBMITTED_MESSAGES if submitted else confirmation.MESSAGES
    return JointState(
        code,
        messages[code],
        confirmation.TONES[code],
        proposal.joint_unit.name,
        proposal.partner.name if proposal.partner else "",
        _told_today(proposal),
        submitted,
    )


def awaits_confirmation(proposal: Proposal) -> bool:
    """Return whether it stands in the formality check without its partner unit's confirmation."""
    partner = content.partner_of(proposal)
    unconfirmed = confirmation.is_unconfirmed(partner, proposal.confirmations)
    return proposal.status in IN_CHECK and unconfirmed


def _told_today(proposal: Proposal) -> bool:
    asked = [row for row in proposal.confirmations if row.status == ConfirmationStatus.ASKED]
    told = [row.reminded_at or row.asked_at for row in asked]
    return any(clock.beijing(moment).date() == clock.today() for moment in told)


@dataclass(frozen=True)
class RequestRow:
    """One request with its answer: `answer` is the opinion or the reason."""

    state: State
    unit: str
    person: str
    asked_at: datetime
    reminded_at: datetime | None
    answered_at: datetime | None
    answer: str


def request_rows(proposal: Proposal) -> tuple[RequestRow, ...]:
    """Return every request to the partner unit, newest first."""
    return tuple(
        RequestRow(
            CONFIRMATION.state(row.status),
            row.unit.name,
            row.person.name if row.person else WHOLE_UNIT,
            row.asked_at,
            row.reminded_at,
            row.answered_at,
            row.opinion or row.reason,
        )
        for row in reversed(proposal.confirmations)
    )


def changes_since_answer(proposal: Proposal) -> tuple[FieldChange, ...] | None:
    """Return what changed since the partner unit last answered; None before its first answer."""
    last = confirmation.latest_answer(content.partner_of(proposal), proposal.confirmations)
    if last is None:
        return None
    answered_content = content_reader.read(last.content.parsed())
    now = content_reader.read(canonical_json(content.confirmable_content(proposal)).parsed())
    return comparison.changes_between(answered_content, now)


def changes_since_request(proposal: Proposal) -> tuple[FieldChange, ...]:
    """Return what changed since the request that waits was made."""
    asked = [row for row in proposal.confirmations if row.status == ConfirmationStatus.ASKED]
    if not asked or not asked[-1].content:
        return ()
    then = content_reader.read(asked[-1].content.parsed())
    now = content_reader.read(canonical_json(content.confirmable_content(proposal)).parsed())
    return comparison.changes_between(then, now)


def is_awaited_from(proposal: Proposal, reader: Actor) -> bool:
    """Return whether this person's answer for the partner unit is awaited."""
    own = confirmation.own_requests(content.partner_of(proposal), proposal.confirmations)
    return "partner" in relations(reader, proposal) and any(
        row.status == ConfirmationStatus.ASKED and row.person_id in (None, reader.id) for row in own
    )


def confirmed_at(proposal: Proposal) -> datetime | None:
    """Return when the partner unit confirmed the content as it stands, None if it did not."""
    if content.confirmation_status(proposal) != confirmation.CONFIRMED:
        return None
    last = confirmation.latest_answer(content.partner_of(proposal), proposal.confirmations)
    return last.answered_at if last is not None else None
