"""Queries of extensions and late-entry codes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select

from lab import clock
from lab.calls.core.read_models import ExtensionRow
from lab.calls.models.call import Call
from lab.calls.models.notice import CallExtension, CallLateCode
from lab.calls.rules import late_codes
from lab.calls.rules.timing import effective_deadline
from lab.extensions import db
from lab.identity.models.account import Unit


def extension_deadline(call_id: Any, unit_id: Any) -> Any:
    """Return the latest extension of this one unit in this call, as a column; NULL without any."""
    return (
        select(func.max(CallExtension.new_closes_at))
        .where(
            CallExtension.call_id == call_id,
            CallExtension.unit_id == unit_id,
            CallExtension.unit_id.is_not(None),  # what was given to all is the call's own time
        )
        .scalar_subquery()
    )


def unit_extension(call_id: int, unit_id: int | None) -> datetime | None:
    """Return the latest extension of this one unit in this call, None without any."""
    if unit_id is None:
        return None
    deadline: datetime | None = db.session.scalar(select(extension_deadline(call_id, unit_id)))
    return deadline


def submission_deadline(call: Call, unit_id: int | None) -> datetime | None:
    """Return this unit's submission deadline; that of the call for None."""
    return effective_deadline(call, unit_extension(call.id, unit_id))


@dataclass(frozen=True)
class RunningExtensions:
    """Units that may still submit after the call has closed: names and the latest deadline."""

    units: tuple[str, ...]
    until: datetime

    @property
    def message(self) -> str:
        """Summary: 邮政东城分公司等2个单位的延期或补报时限还没有到，最晚到2022年7月5日 17:00."""
        unit_text = self.units[0] + (f"等{len(self.units)}个单位" if len(self.units) > 1 else "")
        return f"{unit_text}的延期或补报时限还没有到，最晚到{clock.cn_datetime(self.until)}"


def running_extensions(call: Call) -> RunningExtensions | None:
    """Return the unit extensions and late-entry codes that are still running, None without any."""
    now = clock.now()
    extensions_query = select(
        CallExtension.unit_id, CallExtension.new_closes_at.label("until")
    ).where(CallExtension.call_id == call.id, CallExtension.new_closes_at > now)
    codes_query = select(CallLateCode.unit_id, CallLateCode.expires_at).where(
        CallLateCode.call_id == call.id,
        CallLateCode.expires_at > now,
        CallLateCode.revoked_at.is_(None),
    )
    deadlines = extensions_query.union_all(codes_query).subquery()
    rows = db.session.execute(
        select(Unit.name, func.max(deadlines.c.until))
        .join(Unit, Unit.id == deadlines.c.unit_id)
        .group_by(Unit.id, Unit.name)
        .order_by(Unit.id)
    ).all()
    return (
        RunningExtensions(tuple(name for name, _ in rows), max(u for _, u in rows))
        if rows
        else None
    )


def extensions(call_id: int, unit_id: int | None, *, office: bool) -> tuple[ExtensionRow, ...]:
    """Return the extensions, oldest first: those for all and for the unit.

    All of them for the office.
    """
    query = (
        select(CallExtension, Unit.name)
        .outerjoin(Unit, Unit.id == CallExtension.unit_id)
        .where(CallExtension.call_id == call_id)
        .order_by(CallExtension.id)
    )
    if not office:
        concerned = CallExtension.unit_id.is_(None)
        query = query.where(or_(concerned, CallExtension.unit_id == unit_id))
    return tuple(
        ExtensionRow(name or "", row.old_closes_at, row.new_closes_at, row.reason, row.at)
        for row, name in db.session.execute(query)
    )


@dataclass(frozen=True)
class CodeRow:
    """One code in the office's list; `label` and `tone` show its state."""

    key: str
    unit: str
    reason: str
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None
    label: str
    tone: str
    open: bool


def late_codes_of(call_id: int) -> tuple[CodeRow, ...]:
    """Return the codes of a call, newest first."""
    rows = db.session.execute(
        select(CallLateCode, Unit.name)
        .join(Unit, Unit.id == CallLateCode.unit_id)
        .where(CallLateCode.call_id == call_id)
        .order_by(CallLateCode.id.desc())
    )
    return tuple(_code_row(code, unit) for code, unit in rows)


def _code_row(code: CallLateCode, unit: str) -> CodeRow:
    state = _state(code, clock.now())
    label, tone = late_codes.STATE_LABELS[state]
    return CodeRow(
        code.key,
        unit,
        code.reason,
        code.made_at,
        code.expires_at,
        code.used_at,
        label,
        tone,
        state == late_codes.OPEN,
    )


def _state(code: CallLateCode, now: datetime) -> str:
    if code.used_at is not None:
        return late_codes.USED
    if code.revoked_at is not None:
        return late_codes.REVOKED
    return late_codes.OPEN if now <= code.expires_at else late_codes.EXPIRED


def find_code(call_key: str, key: str) -> tuple[Call, CallLateCode] | None:
    """Return the call and its code with these keys, None when there is none."""
    pair = db.session.execute(
        select(Call, CallLateCode)
        .join(CallLateCode, CallLateCode.call_id == Call.id)
        .where(Call.key == call_key, CallLateCode.key == key)
    ).one_or_none()
    return (pair[0], pair[1]) if pair else None
