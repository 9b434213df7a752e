"""Extensions: a later deadline for everybody, or for one unit."""

from __future__ import annotations

from datetime import datetime

from flask import g
from sqlalchemy import select

from lab import audit, clock
from lab.calls.core import deadlines as core_deadlines
from lab.calls.core.editing import require_state
from lab.calls.core.extension_points import applicants_with_open_drafts
from lab.calls.models.call import Call
from lab.calls.models.notice import CallExtension
from lab.calls.rules import round_rules
from lab.calls.rules.eligibility import ANY_SIDE, APPLICANT_SIDES
from lab.calls.rules.lifecycle import BEFORE_REVIEW, CallStatus
from lab.db import bump_version, expect_version, transition
from lab.extensions import db
from lab.identity.models.account import Person, RoleGrant, Unit
from lab.inbox.notices.service import notify, role_holder_ids
from lab.policy import APPLICANT
from lab.rejected import Rejected
from lab.web.links import About


def extend(
    call: Call,
    version: int | None,
    *,
    closes_at: datetime,
    reason: str,
    unit_id: int | None = None,
) -> None:
    """Put off the closing time, for all units or for the one of `unit_id`.

    Office rule: only to a later time, which is still to come, and only until review opens. A call
    that had closed is open again when all units are given more time. Applicants concerned are told.
    Raises EditConflict when the form is stale, Rejected with the field at fault.
    """
    expect_version(call, version)
    require_state(call, *BEFORE_REVIEW)
    unit = _unit(call, unit_id)
    old, now = core_deadlines.submission_deadline(call, unit_id), clock.now()
    if old is None or (problem := round_rules.closing_problem(old, closes_at, now)):
        raise Rejected(problem or "此批次没有截止时间，不能延期。", "closes_at")
    person = g.get("person")
    row = CallExtension(
        call_id=call.id,
        unit_id=unit_id,
        old_closes_at=old,
        new_closes_at=closes_at,
        reason=reason,
        by_id=person.id if person else None,
    )
    db.session.add(row)
    reopened = _apply(call, unit_id, closes_at)
    _notify_extension(call, unit, closes_at, reason)
    detail = {"unit": unit.key if unit else "", "until": closes_at, "reopened": reopened}
    audit.record("call.extend", call, detail=detail)


def _unit(call: Call, unit_id: int | None) -> Unit | None:
    if unit_id is None:
        return None
    unit: Unit | None = db.session.scalar(select(Unit).where(Unit.id == unit_id, Unit.active))
    if unit is None:
        raise Rejected("没有这个单位，请重新选择。", "unit_id")
    if call.applicant_side not in (ANY_SIDE, unit.side):
        who = APPLICANT_SIDES[call.applicant_side]
        raise Rejected(f"本批次的申报单位为{who}，此单位不能申报。", "unit_id")
    return unit


def _apply(call: Call, unit_id: int | None, closes_at: datetime) -> bool:
    """Move the call's own deadline; return whether that reopens it."""
    if unit_id is not None:
        bump_version(call)
        return False
    if call.status == CallStatus.CLOSED:
        transition(call, "reopen", closes_at=closes_at, closed_at=None)
        return True
    call.closes_at = closes_at
    return False


def _notify_extension(call: Call, unit: Unit | None, closes_at: datetime, reason: str) -> None:
    deadline_text = clock.cn_datetime(closes_at)
    if unit is None:
        recipients = {*role_holder_ids(APPLICANT), *applicants_with_open_drafts(call)}
        text = f"征集批次“{call.title}”延期，截止时间改为{deadline_text}。理由：{reason}"
    else:
        recipients = {*_applicants_of(unit.id), *applicants_with_open_drafts(call, unit.id)}
        text = f"征集批次“{call.title}”对{unit.name}延期至{deadline_text}。理由：{reason}"
    notify(recipients, text, About.of(call))


def _applicants_of(unit_id: int) -> list[int]:
    return list(
        db.session.scalars(
            select(Person.id)
            .join(RoleGrant, RoleGrant.person_id == Person.id)
            .where(
                RoleGrant.role == APPLICANT,
                Person.unit_id == unit_id,
                Person.disabled_at.is_(None),
            )
        )
    )
