"""One round for the office: assignments, owed sheets, conflicts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from lab import clock
from lab.calls.core.deadlines import running_extensions
from lab.calls.core.queries import batch_label
from lab.calls.models.call import Call
from lab.calls.rules.lifecycle import BEFORE_REVIEW, CALL
from lab.calls.rules.timing import effective_state
from lab.extensions import db
from lab.identity.models.account import SIDE_LABELS, Unit
from lab.policy import Actor
from lab.proposals.models.proposal import Proposal
from lab.proposals.rules.lifecycle import IN_CHECK, IN_OR_PAST_CHECK, PASSED_CHECK
from lab.reviews.core.conflicts import conflicted_condition
from lab.reviews.core.locking import is_round_open
from lab.reviews.core.reviewers import ReviewerRow, reviewers
from lab.reviews.models import Pledge, ScoreSheet
from lab.reviews.recusal.queries import Conflicts, conflicts
from lab.reviews.rounds.read_models import (
    AVAILABLE_MARK,
    CONFLICT,
    ENDED,
    OWED_MARK,
    SUBMITTED_MARK,
    MatrixCell,
    ReviewerLoad,
    RoundEntry,
    RoundPage,
)
from lab.reviews.rounds.reminders import reminded_today
from lab.reviews.rules.lifecycle import OWED, SHEET, VISIBLE, SheetStatus
from lab.reviews.rules.recusal import SHORT_REASONS

_MARKS: Mapping[str, str] = {SheetStatus.SUBMITTED: SUBMITTED_MARK, SheetStatus.ABSTAINED: ENDED}


@dataclass(frozen=True)
class _Facts:
    conflicts: Conflicts
    sheets: Mapping[tuple[int, int], str]
    people: list[ReviewerRow]
    closed: frozenset[int]  # ids of the proposals of which the reader learns nothing


def round_page(call: Call, reader: Actor) -> RoundPage:
    """Return everything about the round, in a fixed number of SELECTs.

    Of a proposal that the reader must keep out of only the name is shown: its sheets are in none of
    the page's counts.
    """
    proposals = _proposals(call.id)
    listed_rows = [row for row in proposals if row.status in PASSED_CHECK]
    facts = _facts([row.id for row in listed_rows], reader)
    return RoundPage(
        key=call.key,
        batch_label=batch_label(call.year, call.batch),
        title=call.title,
        state=CALL.state(effective_state(call, clock.now())),
        open=is_round_open(call),
        ended_at=call.review_closed_at,
        places=call.places,
        minimum=call.minimum_sheets,
        fingerprint=call.rules_fingerprint or "",
        pending=sum(row.status in IN_CHECK for row in proposals),
        extension_note=_extension_text(call),
        entries=tuple(_entry(row, facts) for row in listed_rows),
        loads=_loads(call, facts),
    )


def _extension_text(call: Call) -> str:
    extensions = running_extensions(call) if call.status in BEFORE_REVIEW else None
    return extensions.message if extensions else ""


def _proposals(call_id: int) -> list[Any]:
    columns = (Proposal.id, Proposal.key, Proposal.number, Proposal.title, Proposal.status)
    return list(
        db.session.execute(
            select(*columns, Unit.name.label("unit"))
            .join(Unit, Unit.id == Proposal.unit_id)
            .where(Proposal.call_id == call_id, Proposal.status.in_(IN_OR_PAST_CHECK))
            .order_by(Proposal.number)
        )
    )


def _facts(proposal_ids: list[int], reader: Actor) -> _Facts:
    hidden_ids = frozenset(
        db.session.scalars(
            select(Proposal.id).where(Proposal.id.in_(proposal_ids), conflicted_condition(reader))
        )
    )
    rows = db.session.execute(
        select(ScoreSheet.proposal_id, ScoreSheet.reviewer_id, ScoreSheet.status).where(
            ScoreSheet.proposal_id.in_(frozenset(proposal_ids) - hidden_ids)
        )
    )
    sheets = {(row.proposal_id, row.reviewer_id): row.status for row in rows}
    people = reviewers(frozenset(person for _, person in sheets))
    return _Facts(conflicts(proposal_ids, [p.id for p in people]), sheets, people, hidden_ids)


def _entry(row: Any, facts: _Facts) -> RoundEntry:
    own = [facts.sheets.get((row.id, person.id), "") for person in facts.people]
    hidden = row.id in facts.closed
    return RoundEntry(
        key=row.key,
        number=row.number,
        title=row.title,
        unit=row.unit,
        submitted=own.count(SheetStatus.SUBMITTED),
        owed=sum(own.count(status) for status in OWED),
        hidden=hidden,
        cells=() if hidden else tuple(_cell(row.id, person, facts) for person in facts.people),
    )


def _cell(proposal_id: int, person: ReviewerRow, facts: _Facts) -> MatrixCell:
    status = facts.sheets.get((proposal_id, person.id), SheetStatus.CANCELLED)
    if status in VISIBLE:
        mark = _MARKS.get(status, OWED_MARK)
        return MatrixCell(person.key, person.name, mark, SHEET.state(status).label)
    reasons = facts.conflicts.between(proposal_id, person.id)
    if reasons:
        why = "；".join(reason.text for reason in reasons)
        return MatrixCell(person.key, person.name, CONFLICT, SHORT_REASONS[reasons[0].code], why)
    return MatrixCell(person.key, person.name, AVAILABLE_MARK)


def _loads(call: Call, facts: _Facts) -> tuple[ReviewerLoad, ...]:
    pledged = frozenset(
        db.session.scalars(select(Pledge.reviewer_id).where(Pledge.call_id == call.id))
    )
    reminded = reminded_today(call)
    return tuple(
        ReviewerLoad(
            key=person.key,
            name=person.name,
            unit=person.unit,
            side=SIDE_LABELS[person.side],
            submitted=_count(facts, person.id, (SheetStatus.SUBMITTED,)),
            owed=_count(facts, person.id, OWED),
            pledged=person.id in pledged,
            reminded=person.id in reminded,
        )
        for person in facts.people
    )


def _count(facts: _Facts, person_id: int, statuses: tuple[str, ...]) -> int:
    return sum(who == person_id and status in statuses for (_, who), status in facts.sheets.items())
