"""Process mails every minute: settle interrupted ones, send due ones, give up old ones."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from lab import clock
from lab.db import reading, transition
from lab.extensions import db
from lab.identity.core.account_mail import is_configured
from lab.inbox.mail.delivery import LEASE, lock_mail, postpone, report_failure, try_delivery
from lab.inbox.mail.server import server_pause
from lab.inbox.models.letters import CONNECTING, TEXT, LetterRecipient
from lab.inbox.rules.backoff import GIVE_UP, LONGEST
from lab.inbox.rules.mail_lifecycle import MailStatus

BATCH_SIZE = 50  # mails that one run sends at most
INTERRUPTED_MESSAGE = "发送中断，不能确定邮件是否送达。"
NOT_SENT_MESSAGE = "发送中断，邮件还没有交出。"
UNREACHED_MESSAGE = "连接不上邮件服务器。"


def run_due_deliveries() -> None:
    """Settle what killed workers left, then send what is due.

    A call without an answer stops the run and starts a growing pause, after which one mail probes
    the server.
    """
    if not is_configured():
        return
    _clamp_to_now()
    for key in _keys(
        LetterRecipient.status == MailStatus.SENDING, LetterRecipient.claimed_at, LEASE
    ):
        _settle_interrupted(key)
    for key in _keys(LetterRecipient.status == MailStatus.WAITING, LetterRecipient.next_try_at):
        if not server_pause().is_over(clock.now()) or not try_delivery(key):
            break
    for key in _keys(
        LetterRecipient.status == MailStatus.WAITING, LetterRecipient.queued_at, GIVE_UP
    ):
        _give_up(key)
    db.session.remove()


def _keys(state: Any, moment: Any, age: timedelta = timedelta()) -> list[str]:
    with reading() as session:
        query = select(LetterRecipient.key).where(state, moment <= clock.now() + clock.SKEW - age)
        return list(session.scalars(query.order_by(moment, LetterRecipient.id).limit(BATCH_SIZE)))


def _clamp_to_now() -> None:
    """Reset claims and pauses that a clock set back has left in the future to now."""
    now = clock.now()
    claimed, again = LetterRecipient.claimed_at, LetterRecipient.next_try_at
    claim = (LetterRecipient.status == MailStatus.SENDING) & (claimed > now + clock.SKEW)
    pauses = (LetterRecipient.status == MailStatus.WAITING) & (again > now + LONGEST + clock.SKEW)
    with reading() as session:
        if session.scalar(select(LetterRecipient.id).where(claim | pauses).limit(1)) is None:
            return
    for wrong, column in ((claim, claimed), (pauses, again)):
        db.session.execute(update(LetterRecipient).where(wrong).values({column: now}))
    db.session.commit()


def _settle_interrupted(key: str) -> None:
    row = lock_mail(key)
    if row is not None and row.status == MailStatus.SENDING and _is_given_up(row):
        if row.phase == TEXT:
            report_failure(row, "doubt", INTERRUPTED_MESSAGE)
        else:
            transition(row, "put_off", next_try_at=clock.now(), last_error=NOT_SENT_MESSAGE)
    db.session.commit()


def _give_up(key: str) -> None:
    """Give up a mail after two days in which no probe of the server reached it."""
    row, now = lock_mail(key), clock.now()
    if row is not None and row.status == MailStatus.WAITING and row.queued_at:
        transition(row, "take", claimed_at=now)
        row.phase = CONNECTING
        postpone(row, row.last_error or UNREACHED_MESSAGE)
    db.session.commit()


def _is_given_up(row: LetterRecipient) -> bool:
    return row.claimed_at is not None and row.claimed_at <= clock.now() - LEASE
