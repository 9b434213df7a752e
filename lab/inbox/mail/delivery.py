"""The mail queue: claim a row, talk to the server outside any transaction, store the answer.

A row is committed as 发送中 before the connection is opened. A killed worker leaves it so; after
the lease it is sent again only if its text had not been started.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from lab import audit, clock
from lab.db import transition
from lab.extensions import db
from lab.identity.core.account_mail import is_configured
from lab.inbox.mail import server, smtp
from lab.inbox.models.letters import CONNECTING, TEXT, LetterRecipient
from lab.inbox.notices.service import notify, role_holder_ids
from lab.inbox.rules.backoff import next_attempt
from lab.inbox.rules.mail_lifecycle import MailStatus
from lab.inbox.rules.mail_message import MailContent, compose
from lab.policy import OFFICE
from lab.web.links import About, path_to

log = logging.getLogger("lab.mail")
JOB = "letter.mail"
LEASE = timedelta(minutes=4)  # longer than the longest conversation, see smtp.STEP_SECONDS
TOO_LONG = "两天内多次发送没有成功。"
NO_MAIL = "这封邮件无法编成，请检查收件邮箱。"


@dataclass(frozen=True)
class Claim:
    """A row claimed by this worker; `attempt` identifies this claim of the row."""

    key: str
    attempt: int
    mail: MailContent


def deliver(arguments: Mapping[str, Any]) -> None:
    """Run the job of a newly queued mail.

    Later attempts are made by `due_mails.run_due_deliveries`.
    """
    if is_configured() and server.server_pause().is_over(clock.now()):
        try_delivery(arguments["recipient"])


def ignore_failure(_arguments: Mapping[str, Any], _message: str) -> None:
    """Do nothing after the job's last failure: the row itself has the state of the mail."""


def try_delivery(key: str) -> bool:
    """Try one mail.

    Return False when the server did not answer, so that trying the next is pointless.
    """
    try:
        answer = _deliver(key)
    except Exception:  # the row stays claimed; its lease decides
        db.session.remove()
        log.exception("a mail could not be settled", extra={"recipient": key})
        return True
    if answer is not None:
        server.server_pause().record(answer.reached, clock.now())
    return answer is None or answer.reached


def _deliver(key: str) -> smtp.SmtpResult | None:
    """Send one waiting mail; None when another worker has it or it is not due."""
    claim = _claim(key)
    if claim is None:
        return None
    try:
        data = compose(claim.mail)
    except ValueError:
        answer = smtp.SmtpResult(smtp.REFUSED, NO_MAIL)
    else:
        record_text = _text_begin_recorder(claim)
        answer = smtp.send(server.server(), claim.mail.to_address, data, record_text)
    _settle(claim, answer)
    return answer


def lock_mail(key: str) -> LetterRecipient | None:
    """Return the row of a mail, refreshed and locked until the transaction ends."""
    query = select(LetterRecipient).where(LetterRecipient.key == key).with_for_update()
    recipient: LetterRecipient | None = db.session.scalar(
        query.execution_options(populate_existing=True)
    )
    return recipient


def _claim(key: str) -> Claim | None:
    row, now = lock_mail(key), clock.now()
    if row is None or row.status != MailStatus.WAITING or not _is_due(row, now):
        db.session.rollback()
        return None
    transition(row, "take", claimed_at=now)
    row.attempts, row.phase = row.attempts + 1, CONNECTING
    mail = MailContent(
        sender=server.sender(),
        to_name=row.name,
        to_address=row.email,
        subject=row.letter.subject,
        body=row.letter.body,
        link=server.portal_url(path_to(About.of(row.letter))),
        message_id=row.message_id or "",
        at=now,
    )
    claim = Claim(row.key, row.attempts, mail)
    db.session.commit()
    return claim


def _is_due(row: LetterRecipient, now: datetime) -> bool:
    """Return whether it is due, allowing for a machine whose clock is slightly behind."""
    return row.next_try_at is not None and row.next_try_at <= now + clock.SKEW


class ClaimLost(Exception):
    """The claim expired and somebody else has settled the mail."""


def _text_begin_recorder(claim: Claim) -> Callable[[], None]:
    """Return a callback that records the start of the text.

    From then on a killed worker leaves the mail uncertain.
    """

    def note() -> None:
        row = lock_mail(claim.key)
        sending = row is not None and row.status == MailStatus.SENDING
        if row is None or not sending or row.attempts != claim.attempt:
            db.session.rollback()
            raise ClaimLost
        row.phase = TEXT
        db.session.commit()

    return note


def _settle(claim: Claim, answer: smtp.SmtpResult) -> None:
    """Store the outcome of the conversation, unless the mail has been settled meanwhile."""
    row = lock_mail(claim.key)
    if row is not None and row.attempts == claim.attempt:
        if row.status == MailStatus.SENDING:
            _write(row, answer)
        elif row.status == MailStatus.UNCLEAR and answer.kind == smtp.DELIVERED:
            _delivered(row)
    db.session.commit()


def _write(row: LetterRecipient, answer: smtp.SmtpResult) -> None:
    if answer.kind == smtp.DELIVERED:
        _delivered(row)
    elif answer.kind == smtp.UNCLEAR:
        report_failure(row, "doubt", answer.message)
    elif answer.kind == smtp.REFUSED:
        report_failure(row, "fail", answer.message)
    else:
        postpone(row, answer.message)


def postpone(row: LetterRecipient, message: str) -> None:
    """Store when the mail is tried again, or that two days are over."""
    now = clock.now()
    again = next_attempt(row.queued_at or now, now)
    if again is None:
        report_failure(row, "fail", f"{TOO_LONG}{message.removeprefix(TOO_LONG)}")
    else:
        transition(row, "put_off", next_try_at=again, last_error=message[:200])


def _delivered(row: LetterRecipient) -> None:
    transition(row, "deliver", delivered_at=clock.now(), last_error="")
    audit.record(JOB, row.letter, detail={"status": row.status, "number": row.letter.number})


def report_failure(row: LetterRecipient, action: str, message: str) -> None:
    """Notify the office that the mail needs a decision."""
    transition(row, action, last_error=message[:200])
    notice_text = (
        f"函件《{row.letter.subject}》给{row.name}的邮件{row.machine.state(row.status).label}"
    )
    office = [person for person in role_holder_ids(OFFICE) if person != row.person_id]
    notify(office, f"{notice_text}：{row.last_error}", About.of(row.letter))
    detail = {"status": row.status, "number": row.letter.number}
    audit.record(JOB, row.letter, detail=detail, result="failed")
