"""Tables of letters. Each recipient is a row, and the queue entry of its own e-mail."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lab.db import (
    HasKey,
    Stateful,
    Tallied,
    UtcDateTime,
    Versioned,
    evidence_check,
    one_of,
    status_check,
    unless_in,
)
from lab.extensions import Model
from lab.identity.models.account import Person
from lab.inbox.models.notices import Notice
from lab.inbox.rules.lifecycle import LETTER, LetterStatus
from lab.inbox.rules.mail_lifecycle import EVER_CLAIMED, EVER_QUEUED, MAIL, TROUBLED, MailStatus
from lab.workflow import StateMachine

# How far a mail got with the server: before its text was begun it may safely be sent again.
CONNECTING, TEXT = "connecting", "text"


class Letter(HasKey, Versioned, Tallied, Model):
    """A letter of the office about an object of the portal.

    `object_type` and `object_key` name the object (see lab.web.links), `number` is what people
    call it by. The body is plain text, paragraphs apart by an empty line.
    """

    __tablename__ = "letter"
    machine: ClassVar[StateMachine] = LETTER
    __table_args__ = (
        status_check(LETTER),
        evidence_check("sent", (LetterStatus.SENT,), "sent_by_id", "sent_at"),
        evidence_check("void", (LetterStatus.VOID,), "voided_by_id", "voided_at"),
        CheckConstraint(
            f"{unless_in(LetterStatus.VOID)} OR void_reason <> ''", name="void_reason_given"
        ),
        CheckConstraint("subject <> '' AND body <> ''", name="text_given"),
        Index("ix_letter_object", "object_type", "object_key"),
        Index("ix_letter_status", "status"),
    )

    kind: Mapped[str] = mapped_column(String(24))
    object_type: Mapped[str] = mapped_column(String(24), default="")
    object_key: Mapped[str] = mapped_column(String(12), default="")
    number: Mapped[str] = mapped_column(String(20), default="")
    subject: Mapped[str] = mapped_column(String(80))
    body: Mapped[str] = mapped_column(Text)
    drafted_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    drafted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    voided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    voided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    void_reason: Mapped[str] = mapped_column(String(200), default="")
    recipients: Mapped[list[LetterRecipient]] = relationship(
        back_populates="letter", order_by="LetterRecipient.id"
    )


class LetterRecipient(HasKey, Versioned, Stateful, Model):
    """One recipient of a letter, named as of then, and the state of the e-mail.

    `attempts` counts and identifies the claims of the mail; `phase` is how far the last one got;
    `message_id` never changes, so that a mail sent again is recognised as the same.
    """

    __tablename__ = "letter_recipient"
    machine: ClassVar[StateMachine] = MAIL
    __table_args__ = (
        status_check(MAIL),
        one_of("phase", (CONNECTING, TEXT)),
        UniqueConstraint("letter_id", "person_id"),
        UniqueConstraint("message_id"),
        evidence_check(
            "queued", EVER_QUEUED, "queued_at", "next_try_at", "message_id", "notice_id"
        ),
        evidence_check("claimed", EVER_CLAIMED, "claimed_at", "phase"),
        evidence_check("delivered", (MailStatus.DELIVERED,), "delivered_at"),
        CheckConstraint(
            f"{unless_in(*EVER_QUEUED)} OR email <> ''",
            name="address_given",
        ),
        CheckConstraint(f"{unless_in(*TROUBLED)} OR last_error <> ''", name="error_given"),
        Index("ix_letter_recipient_queue", "status", "next_try_at"),
    )

    letter_id: Mapped[int] = mapped_column(ForeignKey("letter.id"))
    letter: Mapped[Letter] = relationship(back_populates="recipients")
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    person: Mapped[Person] = relationship()
    name: Mapped[str] = mapped_column(String(40))
    unit: Mapped[str] = mapped_column(String(60), default="")
    email: Mapped[str] = mapped_column(String(120), default="")
    notice_id: Mapped[int | None] = mapped_column(ForeignKey("notice.id"))
    notice: Mapped[Notice | None] = relationship()
    message_id: Mapped[str | None] = mapped_column(String(160))
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    phase: Mapped[str | None] = mapped_column(String(10))
    last_error: Mapped[str] = mapped_column(String(200), default="")
    queued_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    next_try_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    delivered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
