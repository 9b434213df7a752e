"""How a person stands to a letter, the loaders of its addresses, and what lists may show."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import selectinload

from lab.extensions import db
from lab.inbox.models_letters import Letter, LetterRecipient
from lab.policy import Actor, Subject
from lab.web.guards import Found

VIEW = "letter.view"


def letter_subject(actor: Actor, letter: Letter) -> Subject:
    """The letter as the policy sees it; "recipient" when it is addressed to the actor."""
    mine = any(row.person_id == actor.id for row in letter.recipients)
    return Subject("letter", letter.status, frozenset({"recipient"} if mine else ()))


def addressed_to(person_id: int) -> ColumnElement[bool]:
    """SQL condition: the letter is addressed to the person."""
    return Letter.id.in_(
        select(LetterRecipient.letter_id).where(LetterRecipient.person_id == person_id)
    )


def of_office(actor: Actor) -> ColumnElement[bool]:
    """SQL condition for the letters that the actor sees in the outbox: not those to himself."""
    return ~addressed_to(actor.id)


def of_recipient(person_id: int) -> ColumnElement[bool]:
    """SQL condition for the letters that a person has received."""
    return addressed_to(person_id) & (Letter.status == "sent")


def find(key: str) -> Letter | None:
    """The letter with this key and its recipients."""
    chosen = select(Letter).where(Letter.key == key).options(selectinload(Letter.recipients))
    found: Letter | None = db.session.scalar(chosen)
    return found


def load_letter(actor: Actor, key: str) -> Found | None:
    """The letter with this key."""
    letter = find(key)
    return Found(letter, letter_subject(actor, letter), VIEW) if letter else None


def load_addressed(actor: Actor, key: str, recipient_key: str) -> Found | None:
    """One recipient of a letter."""
    letter = find(key)
    rows = letter.recipients if letter else []
    row = next((row for row in rows if row.key == recipient_key), None)
    return Found(row, letter_subject(actor, letter), VIEW) if letter and row else None
