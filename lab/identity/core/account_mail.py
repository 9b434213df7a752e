"""Queue mails about an account; `lab.inbox.mail.account_mail` writes and sends them."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import current_app

from lab import clock
from lab.identity.models.account import Person
from lab.jobs import service as jobs

JOB = "account.mail"
NO_SERVER = "系统没有设置邮件服务器，不能发送邮件。"


def is_configured() -> bool:
    """Return whether a mail server is configured."""
    return bool(current_app.config["SETTINGS"].smtp_host)


def address_digest(address: str) -> str:
    """Return the SHA-256 under which an address is counted, so that it is not stored once more."""
    return hashlib.sha256(address.lower().encode()).hexdigest()


def queue_mail(what: str, **facts: Any) -> None:
    """Queue a mail in the current transaction; does nothing without a mail server."""
    if is_configured():
        jobs.enqueue(JOB, {"what": what, "queued_at": clock.now().isoformat(), **facts})


def notify_by_mail(what: str, person: Person, to: str, **facts: str) -> None:
    """Queue an informational mail to a person's address."""
    queue_mail(what, person=person.id, to=to, **facts)
