"""Writes of e-mail addresses: set, confirm, notify their owners."""

from __future__ import annotations

from flask import g
from sqlalchemy import update

from lab import audit, clock
from lab.db import expect_version
from lab.extensions import db
from lab.identity.addresses import queries
from lab.identity.core import account_mail, links
from lab.identity.models.account import Person
from lab.identity.models.addresses import ADDRESS, AddressChange
from lab.identity.rules import mail_kinds
from lab.rejected import Rejected

NO_ADDRESS = "请先填写并保存邮箱。"


def _present_person() -> int | None:
    actor = g.get("actor")
    return actor.id if actor and actor.id else None


def set_address(person: Person, email: str) -> None:
    """Set a stored person's address ("" for none) and record who did it.

    Part of an action with its own audit line. The former address is notified.
    """
    if email == person.email:
        return
    former, by = person.email, _present_person()
    person.email = email
    record_address(person)
    links.void_links(person.id)
    if former:
        who = "您本人的账号" if by == person.id else g.get("actor_name") or queries.SHELL
        account_mail.notify_by_mail(mail_kinds.ADDRESS_CHANGED, person, former, by=who)


def record_address(person: Person) -> None:
    """Record who set a stored person's current address, and when."""
    db.session.add(
        AddressChange(
            person_id=person.id,
            email=person.email,
            changed_by_id=_present_person(),
            at=clock.now(),
        )
    )


def set_own_mail(person: Person, version: int | None, email: str, mail_wanted: bool) -> None:
    """Change one's own e-mail address. Raises EditConflict when the form is stale."""
    expect_version(person, version)
    set_address(person, email)
    person.mail_wanted = mail_wanted
    audit.record("identity.mail", person)


def mark_changes_seen(person_id: int) -> None:
    """Mark every change as seen by the owner; part of the action that showed them."""
    db.session.execute(
        update(AddressChange)
        .where(AddressChange.person_id == person_id, AddressChange.seen_at.is_(None))
        .values(seen_at=clock.now())
    )


# -- confirming --------------------------------------------------------------------------------


def request_confirmation(person: Person) -> None:
    """Send a confirmation link to one's own address.

    Raises Rejected without address or mail server.
    """
    if not account_mail.is_configured():
        raise Rejected(account_mail.NO_SERVER)
    if not person.email:
        raise Rejected(NO_ADDRESS)
    account_mail.queue_mail(mail_kinds.ADDRESS_LINK, person=person.id)
    audit.record("identity.confirmation", person)


def confirm_address(person: Person, token: str) -> None:
    """Redeem a link that was sent to one's own current address.

    Raises Rejected for a link that is unknown, used, expired, somebody else's or to a former
    address.
    """
    link = links.redeem_link(token, ADDRESS, person_id=person.id)
    if link.email != person.email:
        raise Rejected(links.LINK_OVER_MESSAGE)
    change = queries.newest_change(person.id)
    if change is None or change.email != link.email:
        change = AddressChange(person_id=person.id, email=link.email, at=clock.now())
        change.seen_at = clock.now()
        db.session.add(change)
    # A confirmation from before a reset by others counts no more: this one does.
    change.confirmed_at = queries.provenance(person).confirmed_at or clock.now()
    audit.record("identity.confirm_address", person)
