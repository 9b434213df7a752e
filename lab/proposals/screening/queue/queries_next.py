"""Reads for checking one by one: how far the office is, and which proposal comes next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from sqlalchemy import ColumnElement, and_, func, not_, or_, select

from lab import clock
from lab.calls.core.queries import batch_label
from lab.db.tallies import StateTally, of_kind
from lab.extensions import db
from lab.policy import Actor
from lab.proposals.core.visibility.relations import is_participant
from lab.proposals.models.proposal import FormalityCheck, Proposal
from lab.proposals.pages.queries_conditions import filter_condition
from lab.proposals.rules.lifecycle import ProposalStatus
from lab.proposals.screening.queue.queries import QUEUE_ORDER, of_own_unit
from lab.web.pages.pagination import rows_beyond


@dataclass(frozen=True)
class QueueProgress:
    """How far the office is with the checks of one batch.

    `done` checks of the batch that the office recorded today, Beijing time, without those taken
    back; `waiting` proposals of it, `elsewhere` those of other batches that wait for a check;
    `more`: another one is offered to this clerk.
    """

    batch: str
    done: int
    waiting: int
    elsewhere: int
    more: bool

    @property
    def text(self) -> str:
        """Text: 本日已办6份，待办17份; the batch is named while others wait as well."""
        counts = f"本日已办{self.done}份，待办{self.waiting}份"
        if not self.elsewhere:
            return counts
        return f"{self.batch}{counts}，其他批次待办{self.elsewhere}份"


def _offered_condition(actor: Actor, call_key: str) -> ColumnElement[bool]:
    """Return what the portal offers a clerk: nothing of their own or of their unit."""
    filters = filter_condition(actor, {"call": call_key}, drafts=False)
    own = or_(is_participant(actor), of_own_unit(actor))
    return and_(filters, Proposal.status == ProposalStatus.SUBMITTED, not_(own))


def _after(current: Proposal) -> ColumnElement[bool]:
    """Return the SQL condition: behind `current` in the queue."""
    condition: ColumnElement[bool] = rows_beyond(
        QUEUE_ORDER, [getattr(current, key.key) for key in QUEUE_ORDER]
    )
    return condition


def queue_progress(actor: Actor, proposal: Proposal, call_key: str) -> QueueProgress:
    """Return the office's progress in the proposal's batch.

    `call_key` names the queue from which the clerk is offered more, "" for that of all batches.
    """
    call = proposal.call
    midnight = clock.from_beijing(datetime.combine(clock.today(), time.min))
    done = (
        select(func.count(FormalityCheck.id))
        .join(Proposal, Proposal.id == FormalityCheck.proposal_id)
        .where(
            FormalityCheck.checked_at >= midnight,
            FormalityCheck.recalled_at.is_(None),
            # The sum keeps the planner from going through all checks of the batch: few are today's.
            Proposal.call_id + 0 == call.id,
        )
    )
    more = select(Proposal.id).where(
        _offered_condition(actor, call_key), Proposal.id != proposal.id
    )
    waiting = select(func.coalesce(func.sum(StateTally.number), 0)).where(
        of_kind(Proposal), StateTally.status == ProposalStatus.SUBMITTED
    )
    query = select(
        done.scalar_subquery(),
        waiting.scalar_subquery(),
        waiting.where(StateTally.scope_id == call.id).scalar_subquery(),
        more.exists(),
    )
    recorded, everywhere, of_call, offered = db.session.execute(query).one()
    label = batch_label(call.year, call.batch)
    return QueueProgress(label, recorded, of_call, everywhere - of_call, bool(offered))


def next_key(actor: Actor, past: Proposal | None, call_key: str) -> str | None:
    """Return the key of the proposal to check after `past`, starting over after the last one.

    None when nothing else waits.
    """
    query = (
        select(Proposal.key)
        .where(_offered_condition(actor, call_key))
        .order_by(*QUEUE_ORDER)
        .limit(1)
    )
    if past is None:
        return _key(query)
    return _key(query.where(_after(past))) or _key(query.where(Proposal.id != past.id))


def _key(query: Any) -> str | None:
    key: str | None = db.session.scalar(query)
    return key
