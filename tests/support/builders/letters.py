"""Letters in the outbox, made by the real service."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Flask
from sqlalchemy import select

from lab import audit
from lab.extensions import db
from lab.inbox.letters import service as letters
from lab.inbox.models.letters import Letter, LetterRecipient
from lab.inbox.rules.letter_wording import LetterText
from lab.web.links import About
from tests.support.cast import Cast, person

SUBJECT, BODY = "关于《【演示】园区缴费》退回补正的通知", "邮政东城分公司：\n\n请补盖章。\n.\n完。"


def drafted(cast: Cast, *people: int, subject: str = SUBJECT, body: str = BODY) -> Letter:
    """A letter to these people, or to the applicant."""
    text, recipients = LetterText(subject, body), people or [cast.applicant]
    about = About("Proposal", "k" * 12)
    letter = letters.draft_letter(
        "check_returned", about, text, recipients, cast.office, "2022-01-001"
    )
    audit.record("proposal.check")
    db.session.commit()
    return letter


def give_mail(person_id: int, email: str = "", name: str = "") -> None:
    """Give a person an address, and another name if wanted."""
    row = person(person_id)
    row.email, row.name = email or f"p{person_id}@staff.test", name or row.name
    audit.record("people.edit", row)
    db.session.commit()
    db.session.remove()


def sent(cast: Cast, *people: int, **text: str) -> int:
    """The number of a letter that the office has sent to people with an address each."""
    for one in people or (cast.applicant,):
        if not person(one).email:
            give_mail(one)
    letter = drafted(cast, *people, **text)
    letters.send_letter(letter, letter.version, cast.office)
    number = letter.id
    db.session.commit()
    db.session.remove()
    return number


def rows(letter_id: int) -> list[LetterRecipient]:
    """The recipients as they stand in the database now; nothing stays locked."""
    db.session.remove()
    chosen = select(LetterRecipient).where(LetterRecipient.letter_id == letter_id)
    found = list(db.session.scalars(chosen.order_by(LetterRecipient.id)))
    db.session.expunge_all()
    db.session.remove()
    return found


def send_again(letter_id: int) -> None:
    """Put the mail to the only recipient into the queue once more."""
    chosen = select(LetterRecipient).where(LetterRecipient.letter_id == letter_id)
    letters.resend_mail(db.session.scalars(chosen).one())
    db.session.commit()
    db.session.remove()


def set_mail(app: Flask, port: int, **more: Any) -> None:
    """Point the app at a mail server on this machine."""
    app.config["SETTINGS"] = replace(
        app.config["SETTINGS"],
        smtp_host="127.0.0.1",
        smtp_port=port,
        smtp_from="lab@lab.test",
        base_url="https://portal.lab.test",
        **more,
    )
