"""Password resets by others than the owner, and the slip with the first password."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from lab import audit, clock
from lab.db import lock_row, reading
from lab.extensions import db
from lab.identity.addresses import queries as addresses_queries
from lab.identity.core import account_mail, sessions
from lab.identity.core.attempts import attempts
from lab.identity.core.role_labels import with_roles
from lab.identity.models.account import Person
from lab.identity.models.resets import PasswordReset
from lab.identity.passwords.queries import reset_author
from lab.identity.passwords.service import prepare_password, set_hash
from lab.identity.rules import mail_kinds, passwords
from lab.identity.rules.privileges import PLAIN, privilege_level
from lab.rejected import Rejected

# Read aloud and typed by hand: no letter that looks like another or like a digit.
_GROUPS = ("ABCDEFGHJKMNPQRSTUVWXYZ", "abcdefghjkmnpqrstuvwxyz", "23456789")
SLIP_ALREADY_SHOWN = "初始密码只能查看一次，已经查看过。如本人没有收到，请重新申请重置。"
SLIP_SUPERSEDED = "此后密码又有变化，这次的初始密码已作废。"


def first_password() -> str:
    """Return a random first password like Kmpw-tgdx-4827-Rhsa.

    About 73 bits, valid in both profiles.
    """
    upper, lower, digits = _GROUPS
    kinds = (upper, *(lower,) * 3, *(lower,) * 4, *(digits,) * 4, upper, *(lower,) * 3)
    letters = [secrets.choice(kind) for kind in kinds]
    return "-".join("".join(letters[at : at + 4]) for at in range(0, len(letters), 4))


def reset_password(person_id: int, new: str, by: Person | None = None) -> None:
    """Reset the password of a plain account at once.

    Raises Rejected (field "new_password") when it is too weak, and for an account with more than
    申报人, which needs a release.
    """
    db.session.rollback()
    with reading() as session:
        name = session.get_one(Person, person_id).sign_in_name
    hashed = prepare_password(name, new)
    person = db.session.get_one(Person, person_id)
    lock_row(person)
    if privilege_level(person.roles) != PLAIN:
        raise Rejected("此账号不止担任申报人，重置密码须经第二人复核。")
    asked_by = with_roles(by) if by else "系统"
    _notify_owner(person, reset_author(asked_by))
    db.session.add(PasswordReset(person_id=person_id, asked_by=asked_by))
    _apply(person, hashed)
    person.first_password_by_id = by.id if by else None
    audit.record("people.reset_password", person)


def _notify_owner(person: Person, by: str) -> None:
    """Mail an address that the owner typed or confirmed: others may be anybody's.

    Before the reset is recorded, because that invalidates the address.
    """
    record = addresses_queries.provenance(person)
    if record.by_owner or record.confirmed_at:
        account_mail.notify_by_mail(mail_kinds.PASSWORD_RESET, person, person.email, by=by)


def _apply(person: Person, hashed: str) -> None:
    """End the old password, every session, mailed links and the day's failed sign-ins.

    An empty hash matches no password.
    """
    set_hash(person, hashed, must_change=True)
    attempts.clear_daily_failures(person)
    sessions.end_all(person.id)


@dataclass(frozen=True)
class Released:
    """A release as a reset stores it.

    Key, requester and releaser (with roles), who gets the slip with the first password, and the
    facts of the audit line.
    """

    key: str
    asked_by: str
    released_by: str
    slip_for_id: int | None
    facts: Mapping[str, Any]


def reset_by_release(person: Person, released: Released) -> None:
    """End the old password and every session; `reveal_slip` generates the first password."""
    _notify_owner(person, reset_author(released.asked_by, released.released_by))
    offer_slip(person, released)
    _apply(person, "")
    audit.record("people.reset_password", person, detail=released.facts)


def offer_slip(person: Person, released: Released) -> None:
    """Let the requester open a slip for this account; the owner is told at the first sign-in."""
    db.session.add(
        PasswordReset(
            person_id=person.id,
            asked_by=released.asked_by[:120],
            released_by=released.released_by[:120],
            release_key=released.key,
            slip_for_id=released.slip_for_id,
        )
    )


# -- the slip ----------------------------------------------------------------------------------


def _reset_of(release_key: str) -> PasswordReset | None:
    query = select(PasswordReset).where(PasswordReset.release_key == release_key)
    reset: PasswordReset | None = db.session.scalar(
        query.with_for_update().execution_options(populate_existing=True)
    )
    return reset


def reveal_slip(
    release_key: str, taker_id: int | None, facts: Mapping[str, Any] | None = None
) -> tuple[Person, str]:
    """Generate the first password of a released reset and return it, once, to its requester.

    `taker_id` None, with the operator in `facts`: at the server's shell.

    Raises Rejected when it was taken, or when the password was set in another way since.
    """
    db.session.rollback()  # hashing must not hold the write lock
    word = first_password()
    hashed = passwords.hash_password(word)
    reset = _reset_of(release_key)
    if reset is None or reset.slip_for_id != taker_id:
        raise Rejected("这次办理没有可查看的初始密码。")
    if reset.slip_taken_at is not None:
        raise Rejected(SLIP_ALREADY_SHOWN)
    person = db.session.get_one(Person, reset.person_id)
    lock_row(person)
    if person.password_hash or reset.id != _newest(person.id):
        raise Rejected(SLIP_SUPERSEDED)
    reset.slip_taken_at = clock.now()
    _apply(person, hashed)
    person.first_password_by_id = taker_id
    audit.record("people.slip", person, detail={"release": release_key, **(facts or {})})
    return person, word


def _newest(person_id: int) -> int | None:
    return db.session.scalar(
        select(PasswordReset.id)
        .where(PasswordReset.person_id == person_id)
        .order_by(PasswordReset.id.desc())
        .limit(1)
    )
