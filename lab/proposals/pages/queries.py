"""Proposal lists: rows, counts by state, selectable calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, not_, select

from lab import clock
from lab.calls.models.call import Call
from lab.calls.rules.timing import effective_deadline, is_within_deadline
from lab.db.tallies import scopes_with
from lab.extensions import db
from lab.identity.models.account import SIDE_LABELS, Unit
from lab.policy import Actor
from lab.proposals.core.counts import visible_numbers
from lab.proposals.core.deadlines import extension_columns
from lab.proposals.core.visibility.grants import sees_by_state, states_seen, visible_condition
from lab.proposals.core.visibility.relations import (
    is_owner_or_leader,
    is_participant,
    participant_ids,
)
from lab.proposals.core.visibility.titles import (
    SubmittedContent,
    reads_submitted,
    shown_title,
    submitted_contents,
)
from lab.proposals.models.proposal import FormalityCheck, Proposal
from lab.proposals.pages.queries_conditions import (
    awaits_actor,
    awaits_partner,
    filter_condition,
    is_unconfirmed,
    list_conditions,
    place_condition,
    withdrawal_requested,
)
from lab.proposals.rules.form.schema import UNNAMED_TITLE
from lab.proposals.rules.joint.confirmation import UNCONFIRMED
from lab.proposals.rules.lifecycle import PROPOSAL
from lab.proposals.rules.matching import parse_terms
from lab.proposals.rules.progress import NextStep, format_time_left, next_step_for
from lab.proposals.search.queries import count_matches
from lab.web.pages.pagination import Page, paginate
from lab.web.pages.state_filter import StateCount, state_counts, uncounted_states
from lab.workflow import State

PAGE_SIZE = 30
NO_ARGS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class ProposalRow:
    """One line of a list.

    `mine`: the reader takes part in it; `turn`: whose turn it is, addressed to the reader; `left`:
    time until the next step is due, or overdue; `mark` what stands out, "" for nothing.
    """

    key: str
    number: str | None
    title: str
    has_title: bool
    unit: str
    side: str
    call: str
    state: State
    next: NextStep
    submitted_at: datetime | None
    saved_at: datetime
    mine: bool
    turn: str
    left: str
    mark: str


def due_on_column() -> Any:
    """Return the due date that the newest check set, NULL without one, as a column."""
    return (
        select(FormalityCheck.due_on)
        .where(FormalityCheck.proposal_id == Proposal.id, FormalityCheck.announced_at.is_not(None))
        .order_by(FormalityCheck.id.desc())
        .limit(1)
        .correlate(Proposal)
        .scalar_subquery()
    )


# Columns, not objects: the texts of a proposal are long, and a list shows none of them.
_COLUMNS: tuple[Any, ...] = (
    *(Proposal.id, Proposal.key, Proposal.number, Proposal.side, Proposal.status),
    *(Proposal.submitted_at, Proposal.saved_at, Unit.name, Unit.side.label("unit_side")),
    *(Call.title.label("call_title"), Call.status.label("call_status")),
    *(Call.opens_at, Call.closes_at),
)


def _rows(actor: Actor, parts: list[ColumnElement[bool]]) -> Select[Any]:
    return _all_rows(actor).where(and_(*parts))


@lru_cache(maxsize=256)
def _all_rows(actor: Actor) -> Select[Any]:
    """Return all rows as this reader sees them.

    Cached, because building the query costs as much as running it.
    """
    return (
        select(
            *_COLUMNS,
            shown_title(actor).label("title"),
            due_on_column().label("due_on"),
            is_participant(actor).label("mine"),
            is_owner_or_leader(actor).label("is_applicant"),
            withdrawal_requested().label("withdrawing"),
            awaits_partner().label("awaiting_partner"),
            is_unconfirmed(actor).label("unconfirmed"),
            *extension_columns(),
        )
        .join(Unit, Unit.id == Proposal.unit_id)
        .join(Call, Call.id == Proposal.call_id)
    )


def rows_awaiting(actor: Actor, args: Mapping[str, str] = NO_ARGS) -> tuple[ProposalRow, ...]:
    """Return what awaits the actor's writing or submission, the soonest due first.

    Shown on the start page and at the top of the person's own list.
    """
    parts = [*list_conditions(actor, args), awaits_actor(actor)]
    result = db.session.execute(_rows(actor, parts).order_by(Proposal.id))
    now = clock.now()
    return tuple(sorted((_row(row, now) for row in result), key=_when))


def _when(row: ProposalRow) -> tuple[datetime, str]:
    until = row.next.until
    if until is None:
        return datetime.max.replace(tzinfo=UTC), row.key
    return (until if isinstance(until, datetime) else clock.end_of_day(until)), row.key


def list_proposals(
    actor: Actor, args: Mapping[str, str], *, drafts: bool = True, exclude_awaiting: bool = False
) -> Page:
    """Return a page of ProposalRow that the actor may open, last changed first.

    `exclude_awaiting` leaves out the rows of `rows_awaiting`.

    `args`: status (a code), call (a key), q (as in the search), cursors.
    """
    parts = list_conditions(actor, args, drafts=drafts)
    if exclude_awaiting:
        parts.append(not_(awaits_actor(actor)))
    page = paginate(
        _rows(actor, parts),
        (Proposal.saved_at.desc(), Proposal.id.desc()),
        args,
        session=db.session(),
        size=PAGE_SIZE,
    )
    now, submitted = clock.now(), submitted_versions(page.items)
    return page.map(lambda row: _row(row, now, submitted.get(row.id)))


def submitted_versions(rows: Sequence[Any]) -> dict[int, SubmittedContent]:
    """Return, by id, the latest submission of rows whose working text the reader must not see."""
    return submitted_contents(
        [row.id for row in rows if reads_submitted(row.status, own=bool(row.mine))]
    )


@dataclass(frozen=True)
class _Timed:
    """The timing fields of a row's call."""

    status: str
    opens_at: datetime | None
    closes_at: datetime | None


def _row(row: Any, now: datetime, submitted: SubmittedContent | None = None) -> ProposalRow:
    call = _Timed(row.call_status, row.opens_at, row.closes_at)
    deadline = effective_deadline(call, row.extended_until, row.late_until)
    following = next_step_for(
        row.status,
        is_within_deadline(call, deadline, now),
        deadline,
        row.due_on,
        now=now,
        withdrawing=bool(row.withdrawing),
        awaiting_partner=bool(row.awaiting_partner),
    )
    return ProposalRow(
        key=row.key,
        number=row.number,
        title=row.title or UNNAMED_TITLE,
        has_title=bool(row.title),
        unit=submitted.shown["unit"] if submitted else row.name,
        side=SIDE_LABELS[(submitted.shown["side"] if submitted else row.side) or row.unit_side],
        call=row.call_title,
        state=PROPOSAL.state(row.status),
        next=following,
        submitted_at=row.submitted_at,
        saved_at=row.saved_at,
        mine=bool(row.mine),
        turn=following.turn_label(bool(row.is_applicant)),
        left=format_time_left(following.until, now),
        mark=UNCONFIRMED if row.unconfirmed else "",
    )


def count_by_state(
    actor: Actor, args: Mapping[str, str], *, drafts: bool = True
) -> tuple[StateCount, ...]:
    """Return the number of the list's proposals per state, regardless of the selected state.

    One query; without numbers, and two, where too many texts have the words that are looked for.
    """
    if not sees_by_state(actor):
        narrowed = args.get("call") or args.get("q")
        statement = _counts(actor, args, drafts) if narrowed else _all_counts(actor, drafts)
        rows = db.session.execute(statement)
        return state_counts(PROPOSAL, {status: count for status, count in rows})
    if args.get("q", "").strip():
        query_terms = parse_terms(args["q"])
        narrower = place_condition(actor, args, drafts=drafts)
        numbers = count_matches(actor, query_terms, narrower) if query_terms else {}
        if numbers is not None:
            return state_counts(PROPOSAL, numbers)
    everything = visible_numbers(actor, args.get("call", ""), drafts=drafts)
    if args.get("q", "").strip():
        return uncounted_states(PROPOSAL, everything)
    return state_counts(PROPOSAL, everything)


def _counts(actor: Actor, args: Mapping[str, str], drafts: bool) -> Select[str, int]:
    condition = filter_condition(actor, args, drafts=drafts)
    return select(Proposal.status, func.count()).where(condition).group_by(Proposal.status)


@lru_cache(maxsize=256)
def _all_counts(actor: Actor, drafts: bool) -> Select[str, int]:
    """Return the counts of an unfiltered list; cached as `_all_rows` is."""
    return _counts(actor, NO_ARGS, drafts)


def call_choices(actor: Actor) -> list[tuple[str, str]]:
    """Return (key, title) of the calls with proposals that the actor may open, newest first."""
    rows = db.session.execute(_call_choices(actor))
    return [(row.key, row.title) for row in rows]


@lru_cache(maxsize=256)
def _call_choices(actor: Actor) -> Select[str, str]:
    """Return the calls with visible proposals; cached as `_all_rows` is."""
    mine = Proposal.id.in_(participant_ids(actor))
    has_visible: ColumnElement[bool] = Call.id.in_(
        select(Proposal.call_id).where(mine, visible_condition(actor))
    )
    if seen := states_seen(actor):
        has_visible |= Call.id.in_(scopes_with(Proposal, seen))
    order = Call.year.desc(), Call.batch.desc()
    return select(Call.key, Call.title).where(has_visible).order_by(*order)
