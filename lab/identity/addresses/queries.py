"""Queries of recorded e-mail addresses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased, joinedload

from lab import clock
from lab.extensions import db
from lab.identity.models.account import Person
from lab.identity.models.addresses import AddressChange
from lab.identity.models.resets import PasswordReset
from lab.identity.rules.addresses import Provenance
from lab.identity.rules.privileges import contact_for

SHELL = "系统管理员"
SAME_ADDRESS = 3  # people with one address who are written to at most


def newest_change(person_id: int) -> AddressChange | None:
    """Return the newest change of a person's address, with its author; None when there is none."""
    query = select(AddressChange).where(AddressChange.person_id == person_id)
    newest = query.order_by(AddressChange.id.desc()).limit(1)
    change: AddressChange | None = db.session.scalar(
        newest.options(joinedload(AddressChange.changed_by))
    )
    return change


def provenance(person: Person) -> Provenance:
    """Return the origin of the person's current address.

    An address without a recorded change counts as entered by somebody else.
    """
    return _record(person, newest_change(person.id), last_reset_at(person.id))


def _record(person: Person, change: AddressChange | None, reset_at: datetime | None) -> Provenance:
    """Discard what was typed or confirmed before somebody else reset the password.

    It need not have been the owner.
    """
    if change is None or not person.email or change.email != person.email:
        return Provenance()
    own = change.changed_by_id == person.id and not _before(change.at, reset_at)
    confirmed = None if _before(change.confirmed_at, reset_at) else change.confirmed_at
    return Provenance(own, change.at, confirmed)


def _before(moment: datetime | None, reset_at: datetime | None) -> bool:
    return moment is not None and reset_at is not None and moment <= reset_at


def last_reset_at(person_id: int) -> datetime | None:
    """Return when somebody else last reset the person's password, None for never."""
    newest = select(func.max(PasswordReset.at)).where(PasswordReset.person_id == person_id)
    reset_at: datetime | None = db.session.scalar(newest)
    return reset_at


@dataclass(frozen=True)
class AddressPage:
    """The page of one's own address: who entered it, and what it may be used for."""

    email: str
    entered: str
    confirmed_at: datetime | None
    opens_from: datetime | None
    opens: bool


def address_page(person: Person) -> AddressPage:
    """Describe the person's current address."""
    change, reset_at = newest_change(person.id), last_reset_at(person.id)
    record = _record(person, change, reset_at)
    return AddressPage(
        email=person.email,
        entered=_entered(change, person, reset_at) if change and record.set_at else "",
        confirmed_at=record.confirmed_at,
        opens_from=record.opens_from,
        opens=record.opens(clock.now()),
    )


def _entered(change: AddressChange, person: Person, reset_at: datetime | None) -> str:
    by = "本人" if change.changed_by_id == person.id else _name(change)
    since = "，此后密码由他人重置过" if _before(change.at, reset_at) else ""
    return f"由{by}于{clock.cn_datetime(change.at)}填写{since}"


def _name(change: AddressChange) -> str:
    return change.changed_by.name if change.changed_by else SHELL


def unseen_change_notes(person: Person) -> list[str]:
    """Return sentences about changes by others that the owner has not seen, oldest first."""
    query = (
        select(AddressChange)
        .where(
            AddressChange.person_id == person.id,
            AddressChange.seen_at.is_(None),
            or_(AddressChange.changed_by_id.is_(None), AddressChange.changed_by_id != person.id),
        )
        .options(joinedload(AddressChange.changed_by))
        .order_by(AddressChange.id)
    )
    changes = db.session.scalars(query).all()
    whom = contact_for(person.roles) if changes else ""
    return [_change_note(change, whom) for change in changes]


def _change_note(change: AddressChange, whom: str) -> str:
    done = f"填为 {change.email}" if change.email else "删除"
    return (
        f"您的邮箱已于{clock.cn_datetime(change.at)}由{_name(change)}{done}。"
        f"如有疑问，请与{whom}联系。"
    )


def mail_recipients(typed: str) -> list[Person]:
    """Return the people identified by a sign-in name or an address that may open the account."""
    typed, now = typed.strip().lower(), clock.now()
    earlier = aliased(AddressChange)
    newest = select(func.max(earlier.id)).where(earlier.person_id == Person.id)
    reset = select(func.max(PasswordReset.at)).where(PasswordReset.person_id == Person.id)
    is_named = or_(Person.sign_in_name == typed, func.lower(Person.email) == typed)
    query = (
        select(Person, AddressChange, reset.correlate(Person).scalar_subquery())
        .join(AddressChange, AddressChange.id == newest.correlate(Person).scalar_subquery())
        .where(is_named, Person.disabled_at.is_(None), Person.email != "")
        .order_by(Person.id)
    )
    rows = db.session.execute(query.limit(20)).all()
    fitting = [person for person, change, at in rows if _record(person, change, at).opens(now)]
    return fitting[:SAME_ADDRESS]
