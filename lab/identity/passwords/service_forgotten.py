"""Forgotten passwords: request a link, and set a new password with it."""

from __future__ import annotations

from datetime import timedelta

from flask import request

from lab import audit
from lab.db import lock_row
from lab.extensions import db
from lab.identity.core import account_mail, links, sessions
from lab.identity.core.attempts import attempts, guess_limit
from lab.identity.models.account import Person
from lab.identity.models.addresses import PASSWORD
from lab.identity.passwords.queries_page import CONTACT_NOTE
from lab.identity.passwords.service import reject_unfit, set_hash
from lab.identity.rules import mail_kinds, passwords, throttle
from lab.rejected import Rejected

MAX_PER_SOURCE, WINDOW = 10, timedelta(hours=1)


def request_link(name_or_address: str) -> None:
    """Request a link for whomever a sign-in name or address identifies; the worker resolves it.

    Nothing here depends on that, so answer and time are the same for everybody. Beyond ten an hour
    from one address nothing is sent. Raises Rejected without a mail server.
    """
    if not account_mail.is_configured():
        raise Rejected(CONTACT_NOTE)
    db.session.rollback()  # counting takes a transaction of its own
    subject = f"forgotten:{throttle.source(request.remote_addr or '')}"
    if not guess_limit.count_guess(subject, MAX_PER_SOURCE, WINDOW):
        return
    account_mail.queue_mail(mail_kinds.FORGOTTEN, typed=name_or_address[:120])
    audit.record("identity.forgotten")


def choose_password(token: str, new: str) -> None:
    """Set a new password through a link; ends every session, starts none.

    Raises Rejected for an expired link, and (field "new_password") for an unfit password, which
    leaves the link valid.
    """
    db.session.rollback()  # hashing must not hold the write lock
    link = links.find_valid_link(token, PASSWORD)
    if link is None:
        raise Rejected(links.LINK_OVER_MESSAGE)
    reject_unfit(link.person_id, new)
    hashed = passwords.hash_password(new)
    links.redeem_link(token, PASSWORD)
    person = db.session.get_one(Person, link.person_id)
    lock_row(person)
    if person.disabled_at is not None or person.email != link.email:
        raise Rejected(links.LINK_OVER_MESSAGE)
    set_hash(person, hashed, must_change=False)
    attempts.clear_daily_failures(person)
    sessions.end_all(person.id)
    account_mail.notify_by_mail(mail_kinds.PASSWORD_CHANGED, person, person.email)
    audit.record("identity.new_password", person)
