"""催办 of a call's units: at most once per unit and Beijing day."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Select, select

from lab import audit, clock
from lab.calls.models.call import Call
from lab.extensions import db
from lab.identity.models.account import Person, Unit
from lab.inbox.notices.service import notify
from lab.proposals.models.proposal import Proposal
from lab.proposals.models.reminders import CallReminder
from lab.proposals.monitoring import queries
from lab.proposals.rules.lifecycle import ProposalStatus
from lab.proposals.rules.overview import NOT_BEGUN, UnitRow
from lab.rejected import Rejected
from lab.web.links import About


def remind(call: Call, keys: Collection[str], by: Person) -> int:
    """Remind the units with these keys; return how many were reminded.

    Notifies each unit's people with a draft of the call, owners and leaders; where there are none,
    every enabled applicant of the unit. Skips units that were reminded today or have nothing
    outstanding, and those past their deadline (a unit with an extension still has time after the
    call has closed). Raises Rejected when none is left.
    """
    # Held until the end, so that of many clicks at once only the first finds the unit free.
    units = select(Unit.id).where(Unit.key.in_(keys)).order_by(Unit.id)
    db.session.execute(units.with_for_update(key_share=True))
    selected = [row for row in queries.unit_rows(call) if row.key in keys]
    rows_to_remind = [row for row in selected if row.reminder_kind and row.reminded is None]
    if not rows_to_remind:
        raise Rejected(_reason_for_none(selected), "units")
    receivers = _receivers(call, rows_to_remind)
    rows_to_remind = [row for row in rows_to_remind if receivers[row.id]]
    if not rows_to_remind:
        raise Rejected("所选单位没有可以通知的申报人，请先在“人员”中启用账号。", "units")
    notified = sum(_remind(call, row, receivers[row.id], by) for row in rows_to_remind)
    detail: dict[str, object] = {"units": len(rows_to_remind), "people": notified}
    if len(rows_to_remind) == 1:
        detail["unit"] = rows_to_remind[0].name
    audit.record("call.remind", call, detail=detail)
    return len(rows_to_remind)


def _reason_for_none(selected: Sequence[UnitRow]) -> str:
    if selected and not any(row.accepting for row in selected):
        return "不在征集时间内，不用催办。"
    for row in selected:
        if row.reminded is not None:
            at = f"{clock.beijing(row.reminded.at):%H:%M}"
            return f"{row.name}今日{at}已由{row.reminded.by}催办，每个单位每天最多催办一次。"
    return "所选单位没有需要催办的事项。"


def _receivers(call: Call, rows_to_remind: Collection[UnitRow]) -> dict[int, set[int]]:
    """Return whom to notify, by unit id; two queries, however many units."""
    ids = [row.id for row in rows_to_remind]
    everybody: dict[int, set[int]] = {number: set() for number in ids}
    applicants = queries.applicants().where(Person.unit_id.in_(ids))
    for unit_id, person_id in db.session.execute(applicants):
        everybody[unit_id].add(person_id)
    draft_owner_ids: dict[int, set[int]] = {}
    for unit_id, person_id in db.session.execute(_draft_owners(call, ids)):
        draft_owner_ids.setdefault(unit_id, set()).add(person_id)
    return {number: draft_owner_ids.get(number) or everybody[number] for number in ids}


def _draft_owners(call: Call, unit_ids: Collection[int]) -> Select[Any]:
    """Return (unit id, person id) of the enabled owners and leaders of drafts."""
    columns: tuple[Any, ...] = (Proposal.unit_id, Person.id)
    return (
        select(*columns)
        .join(Person, (Person.id == Proposal.owner_id) | (Person.id == Proposal.leader_id))
        .where(
            Proposal.call_id == call.id,
            Proposal.status == ProposalStatus.DRAFT,
            Proposal.unit_id.in_(unit_ids),
            Person.disabled_at.is_(None),
        )
    )


def _remind(call: Call, row: UnitRow, people: Collection[int], by: Person) -> int:
    """Notify the people of one unit; return how many."""
    state = "还没有申报" if row.reminder_kind == NOT_BEGUN else f"还有{row.drafts}份草稿没有提交"
    deadline_text = clock.cn_datetime(row.until) if row.until else ""
    text = (
        f"催办：“{call.title}”于{deadline_text}截止，{row.name}{state}，请尽快办理。"
        f"催办人：实施办公室{by.name}。"
    )
    notify(people, text, About.of(call, "" if row.reminder_kind == NOT_BEGUN else "proposals"))
    db.session.add(
        CallReminder(
            call_id=call.id,
            unit_id=row.id,
            day=clock.today(),
            kind=row.reminder_kind,
            notified=len(people),
            by_id=by.id,
            at=clock.now(),
        )
    )
    return len(people)
