"""Writes of slips: issue them, and set the first password with one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import request
from sqlalchemy import select, update
from sqlalchemy.orm import joinedload, selectinload

from lab import audit, clock
from lab.db import insert_all, lock_row
from lab.extensions import db
from lab.identity.core import sessions
from lab.identity.core.attempts import attempts
from lab.identity.core.slips import find_slip, has_right_to_slip, void_slips
from lab.identity.models.account import Person
from lab.identity.models.slips import ActivationSlip
from lab.identity.passwords.service import reject_unfit, set_hash
from lab.identity.rules import passwords
from lab.identity.rules.slips import (
    SlipState,
    code_digest,
    expiry,
    new_code,
    slip_state,
)
from lab.identity.rules.throttle import THROTTLE_NOTE
from lab.rejected import Rejected

WRONG_CODE = f"登录名或启用码不对，或账号暂时不能启用。{THROTTLE_NOTE}"
CLOSED = "此账号已停用，请与系统管理员联系。"
WHY_NOT = {
    SlipState.USED: "此启用单已经用过。请直接登录；忘记密码的，请申请重置。",
    SlipState.VOID: (
        "此启用单已作废：之后又发放了新的启用单、停用过账号，或已用其他方式设置密码。请使用新的。"
    ),
    SlipState.EXPIRED: "此启用单已过期（有效期至{}）。请向发放人领取新的启用单。",
}


# -- issuing -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class IssuedSlip:
    """What is printed on a slip; the code is stored nowhere."""

    unit: str
    name: str
    sign_in_name: str
    code: str
    expires_at: datetime


def issue_slips(person_ids: Collection[int], by: Person) -> list[IssuedSlip]:
    """Issue a slip for each account, in the order of units and names; earlier ones become void.

    Whoever issues a slip knows its code, and counts as having had the first password in hand.
    Raises Rejected when one of the accounts may have none now.
    """
    people = _locked(person_ids)
    if unfit := [person.name for person in people if not has_right_to_slip(person)]:
        raise Rejected(
            f"{'、'.join(unfit[:3])}{'等' if len(unfit) > 3 else ''}的账号已有密码、已停用"
            "或已有其他角色，不能发放启用单。请刷新页面后重新选择。"
        )
    now = clock.now()
    ids = [person.id for person in people]
    void_slips(ids)
    issued = [_issued(person, now) for person in people]
    insert_all(db.session(), [_row(*pair, by, now) for pair in zip(people, issued, strict=True)])
    db.session.execute(
        update(Person)
        .where(Person.id.in_(ids))
        .values(first_password_by_id=by.id)
        .execution_options(synchronize_session=False)
    )
    for person in people:
        audit.record("people.issue_slip", person, detail={"until": expiry(now)})
    return issued


def _locked(person_ids: Collection[int]) -> Sequence[Person]:
    query = (
        select(Person)
        .where(Person.id.in_(person_ids))
        .order_by(Person.id)
        .with_for_update(of=Person)
        .options(selectinload(Person.grants), joinedload(Person.unit))
        .execution_options(populate_existing=True)
    )
    return sorted(db.session.scalars(query), key=lambda person: (person.unit_name, person.name))


def _issued(person: Person, now: datetime) -> IssuedSlip:
    return IssuedSlip(person.unit_name, person.name, person.sign_in_name, new_code(), expiry(now))


def _row(person: Person, issued: IssuedSlip, by: Person, now: datetime) -> ActivationSlip:
    return ActivationSlip(
        person_id=person.id,
        code_hash=code_digest(person.sign_in_name, issued.code),
        issued_by_id=by.id,
        issued_at=now,
        expires_at=issued.expires_at,
    )


# -- the first password ------------------------------------------------------------------------


def activate(name: str, code: str, new: str) -> None:
    """Set the first password of an account with its slip, and sign its owner in.

    The code counts like a password of a sign-in. Raises Rejected with the field at fault: "code"
    for one that is wrong, used, void or expired, "new_password" for an unfit password, which leaves
    the slip valid.
    """
    db.session.rollback()  # neither counting nor hashing may wait for a lock held by ourselves
    name = name.strip().lower()
    slip = find_slip(name, code)
    state = _state(slip)
    is_valid = state is SlipState.VALID
    address = request.remote_addr or ""
    right = attempts.secret_is_right(
        name, address, lambda allowed: allowed and is_valid, "identity.activate"
    )
    if slip is None or not right:
        raise Rejected(_why_not(slip, state), "code")
    reject_unfit(slip.person_id, new)
    hashed = passwords.hash_password(new)
    person = _redeem(slip)
    set_hash(person, hashed, must_change=False)
    sessions.start(person)
    audit.record("identity.activate", person)


def _state(slip: ActivationSlip | None) -> SlipState | None:
    if slip is None:
        return None
    return slip_state(slip.expires_at, slip.used_at, slip.void_at, clock.now())


def _why_not(slip: ActivationSlip | None, state: SlipState | None) -> str:
    """Return why a slip does not open the account. Only who holds the code learns its state."""
    if slip is None or state is None or state is SlipState.VALID:
        return WRONG_CODE
    return WHY_NOT[state].format(clock.cn_date(clock.beijing(slip.expires_at).date()))


def _redeem(slip: ActivationSlip) -> Person:
    """Redeem a slip in the running transaction: of two attempts at once, one succeeds."""
    person = db.session.get_one(Person, slip.person_id)
    lock_row(person)
    if person.disabled_at is not None:
        raise Rejected(CLOSED, "code")
    used = db.session.scalars(
        update(ActivationSlip)
        .where(
            ActivationSlip.id == slip.id,
            ActivationSlip.used_at.is_(None),
            ActivationSlip.void_at.is_(None),
        )
        .values(used_at=clock.now())
        .returning(ActivationSlip.id)
        .execution_options(synchronize_session=False)
    )
    if used.first() is None or person.password_hash:
        raise Rejected(WHY_NOT[SlipState.USED], "code")
    return person
