"""Late-entry codes: made and revoked by the office, redeemed by an applicant of the unit."""

from __future__ import annotations

from datetime import date, datetime

from flask import g
from sqlalchemy import select

from lab import audit, clock
from lab.calls.core.editing import require_state
from lab.calls.models.call import Call
from lab.calls.models.notice import CallLateCode
from lab.calls.rules import late_codes
from lab.calls.rules.lifecycle import CallStatus
from lab.db import new_key
from lab.extensions import db
from lab.identity.models.account import Unit
from lab.rejected import Rejected
from lab.workdays.queries import office_calendar

# One sentence for wrong, used, expired, revoked and foreign codes: it tells nothing about them.
REDEEM_FAILED = "补报码不能使用。请核对后再输入；仍不能使用的，请与实施办公室联系。"


def make_code(call: Call, *, unit_id: int, reason: str, expires_on: date) -> str:
    """Create a code for a unit and return it: it cannot be read again, only its hash is stored.

    Valid until the end of `expires_on` in Beijing. Raises Rejected with the field at fault.
    """
    require_state(call, CallStatus.CLOSED)
    unit: Unit | None = db.session.scalar(select(Unit).where(Unit.id == unit_id, Unit.active))
    if unit is None:
        raise Rejected("没有这个单位，请重新选择。", "unit_id")
    if problem := late_codes.expiry_problem(expires_on, clock.today(), office_calendar()):
        raise Rejected(problem, "expires_on")
    code, person = new_key(), g.get("person")
    row = CallLateCode(
        call_id=call.id,
        unit_id=unit.id,
        code_hash=late_codes.code_digest(call.key, code),
        reason=reason,
        expires_at=clock.end_of_day(expires_on),
        made_by_id=person.id if person else None,
    )
    db.session.add(row)
    db.session.flush()
    audit.record("call.late_code", call, detail={"unit": unit.key, "code": row.key})
    return late_codes.format_code(code)


def revoke(call: Call, code: CallLateCode) -> None:
    """Revoke an unused code. Raises Rejected for one that was redeemed or revoked."""
    db.session.refresh(code, with_for_update=True)
    if code.used_at is not None or code.revoked_at is not None:
        raise Rejected("此补报码已使用或已作废。")
    code.revoked_at = clock.now()
    audit.record("call.revoke_code", call, detail={"code": code.key})


def redeem(call: Call, code_text: str, *, unit_id: int | None, person_id: int) -> CallLateCode:
    """Redeem a code for a person of the unit; part of a late entry.

    The row is locked, so of two concurrent attempts one succeeds. Raises Rejected (field "code")
    with the same message for every invalid code.
    """
    now = clock.now()
    require_state(call, CallStatus.CLOSED)
    code = db.session.scalar(
        select(CallLateCode)
        .where(
            CallLateCode.call_id == call.id,
            CallLateCode.code_hash == late_codes.code_digest(call.key, code_text),
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if code is None or code.unit_id != unit_id or not is_redeemable(code, now):
        raise Rejected(REDEEM_FAILED, "code")
    code.used_at, code.used_by_id = now, person_id
    return code


def is_redeemable(code: CallLateCode, now: datetime) -> bool:
    """Return whether the code can be redeemed: not redeemed, not revoked, not expired."""
    return code.used_at is None and code.revoked_at is None and now <= code.expires_at
