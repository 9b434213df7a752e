"""How many proposals are in each state: from the kept numbers, as each reader may see them.

What a reader sees by state alone is kept (`lab.db.tallies`). The few proposals that the reader
takes part in are counted as they are, and so put right what the kept numbers say of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, bindparam, case, func, select, union_all

from lab.calls.models.call import Call
from lab.db.tallies import StateTally, numbers_by_scope, numbers_by_state
from lab.extensions import db
from lab.policy import Actor
from lab.proposals.core.visibility.grants import states_seen, visible_condition
from lab.proposals.core.visibility.relations import participant_ids
from lab.proposals.models.proposal import Proposal
from lab.proposals.rules.lifecycle import ProposalStatus

_CALL_ID: Any = select(Call.id).where(Call.key == bindparam("call_key")).scalar_subquery()


def visible_numbers(actor: Actor, call_key: str = "", *, drafts: bool = True) -> dict[str, int]:
    """Return state -> how many proposals the actor may open, of one call or of all ("").

    `drafts`: with the actor's own drafts. States that nothing is in are absent. One query.
    """
    statement = _visible_numbers(actor, bool(call_key), drafts)
    numbers = Counter[str]()
    for status, number in db.session.execute(statement, {"call_key": call_key} if call_key else {}):
        numbers[status] += number
    return {status: number for status, number in numbers.items() if number > 0}


@lru_cache(maxsize=256)
def _visible_numbers(actor: Actor, of_one_call: bool, drafts: bool) -> Any:
    """Return the query; cached, because building it costs more than running it."""
    seen = [code for code in states_seen(actor) if drafts or code != ProposalStatus.DRAFT]
    scope = [StateTally.scope_id == _CALL_ID] if of_one_call else []
    mine: list[ColumnElement[bool]] = [Proposal.id.in_(participant_ids(actor))]
    if of_one_call:
        mine.append(Proposal.call_id == _CALL_ID)
    if not drafts:
        mine.append(Proposal.status != ProposalStatus.DRAFT)
    put_right = _number(visible_condition(actor)) - _number(Proposal.status.in_(seen))
    return union_all(
        numbers_by_state(Proposal, StateTally.status.in_(seen), *scope),
        select(Proposal.status, put_right).where(*mine).group_by(Proposal.status),
    )


def _number(condition: ColumnElement[bool]) -> Any:
    return func.sum(case((condition, 1), else_=0))


def numbers_of_calls(call_ids: Collection[int]) -> dict[int, Counter[str]]:
    """Return call id -> state -> how many proposals there are, whoever may open them. One query."""
    numbers: dict[int, Counter[str]] = {call_id: Counter() for call_id in call_ids}
    for call_id, status, number in db.session.execute(numbers_by_scope(Proposal, call_ids)):
        numbers[call_id][status] = number
    return numbers
