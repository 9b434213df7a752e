"""Send mails about accounts: links, and what happened to an account.

The worker creates a link only when its mail is delivered: the token exists in the mail and nowhere
else. It also resolves who forgot a password, so that the page answers everybody alike.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from lab import clock
from lab.db import new_key
from lab.extensions import db
from lab.identity.addresses import queries as addresses_queries
from lab.identity.core import account_mail as mails
from lab.identity.core import links
from lab.identity.core.attempts import guess_limit
from lab.identity.models.account import Person
from lab.identity.models.addresses import ADDRESS, PASSWORD
from lab.identity.rules import mail_kinds as what
from lab.identity.rules.privileges import contact_for
from lab.inbox.mail import server, smtp
from lab.inbox.rules import account_mail_wording as texts
from lab.inbox.rules.account_mail_wording import MailText
from lab.inbox.rules.backoff import next_attempt
from lab.inbox.rules.mail_message import MailContent, compose, message_id
from lab.jobs import service as jobs
from lab.web.links import page_path

DAY = timedelta(hours=24)
LINKS_A_DAY = 5  # for one person and purpose
MAILS_A_DAY = 20  # of this kind to one address
LINK_WAITS = timedelta(minutes=30)  # a link that comes later surprises more than it helps


def deliver(arguments: Mapping[str, Any]) -> None:
    """Run the job of one mail, or resolve who forgot a password."""
    if not mails.is_configured():
        return
    kind = arguments["what"]
    if kind == what.FORGOTTEN:
        _find_people(arguments)
    elif kind in (what.PASSWORD_LINK, what.ADDRESS_LINK):
        _send_link(kind, arguments)
    else:
        _send_information(kind, arguments)


def give_up(_arguments: Mapping[str, Any], _message: str) -> None:
    """Give up after the last failure: the owner can request again."""


def _find_people(arguments: Mapping[str, Any]) -> None:
    """Queue a link for each person identified; the input is not stored (it may be anything)."""
    for person in addresses_queries.mail_recipients(arguments.get("typed", "")):
        mails.queue_mail(what.PASSWORD_LINK, person=person.id)
    jobs.redact_arguments(mails.JOB, arguments)
    db.session.commit()


def _send_link(kind: str, arguments: Mapping[str, Any]) -> None:
    person = db.session.get_one(Person, arguments["person"])
    if not _may_get(kind, person) or not _within_daily_limit(kind, person, arguments):
        return
    token = links.new_token()
    if kind == what.PASSWORD_LINK:
        purpose, text = PASSWORD, texts.password_link(person.name, person.sign_in_name, token)
    else:
        purpose, text = ADDRESS, texts.address_link(person.name, token)
    email = person.email
    store = lambda: links.store_link(token, purpose, person, email)  # noqa: E731
    _send(arguments, person.name, email, text, store)


def _may_get(kind: str, person: Person) -> bool:
    """Check again: the address may have changed while the mail waited."""
    if person.disabled_at is not None or not person.email:
        return False
    return kind == what.ADDRESS_LINK or addresses_queries.provenance(person).opens(clock.now())


def _within_daily_limit(kind: str, person: Person, arguments: Mapping[str, Any]) -> bool:
    if arguments.get("counted"):  # on an earlier try
        return True
    subject, email = f"{kind}:{person.id}", person.email
    db.session.rollback()  # counting takes transactions of its own
    return guess_limit.count_guess(subject, LINKS_A_DAY, DAY) and _address_is_unused(email)


def _address_is_unused(email: str) -> bool:
    return guess_limit.count_guess(f"mail:{mails.address_digest(email)}", MAILS_A_DAY, DAY)


def _send_information(kind: str, arguments: Mapping[str, Any]) -> None:
    if not arguments.get("counted") and not _address_is_unused(arguments["to"]):
        return
    owner = db.session.get_one(Person, arguments["person"])
    name, whom = owner.name, contact_for(owner.roles)
    at = datetime.fromisoformat(arguments["queued_at"])
    text = texts.information(kind, name, at, arguments.get("by", ""), whom)
    _send(arguments, name, arguments["to"], text, lambda: None)


def _send(
    arguments: Mapping[str, Any],
    name: str,
    to: str,
    text: MailText,
    before_text: Callable[[], None],
) -> None:
    """Deliver one mail; requeue one that the server does not accept now."""
    mail = MailContent(
        sender=server.sender(),
        to_name=name,
        to_address=to,
        subject=text.subject,
        body=text.body,
        link=server.portal_url(page_path(text.endpoint, t=text.token)),
        message_id=message_id(new_key(), new_key(), server.sender()),
        at=clock.now(),
    )
    data = compose(mail)
    db.session.commit()  # nothing is held while the server is talked to
    answer = server.hand_over(to, data, before_text)
    if answer is None or answer.kind == smtp.LATER:
        _requeue(arguments)


def _requeue(arguments: Mapping[str, Any]) -> None:
    queued, now = datetime.fromisoformat(arguments["queued_at"]), clock.now()
    again = next_attempt(queued, now)
    link = arguments["what"] in (what.PASSWORD_LINK, what.ADDRESS_LINK)
    if again is None or (link and again - queued > LINK_WAITS):
        return
    jobs.enqueue(
        mails.JOB, {**arguments, "counted": True}, wait=min(again - now, jobs.LONGEST_WAIT)
    )
    db.session.commit()
