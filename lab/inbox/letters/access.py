"""Relations of a person to a letter, loaders, and what lists may show."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, and_, false, or_, select, union
from sqlalchemy.orm import selectinload

from lab.extensions import db
from lab.inbox.core.extension_points import closed_objects
from lab.inbox.models.letters import Letter, LetterRecipient
from lab.inbox.rules.lifecycle import LetterStatus
from lab.policy import CONFLICTED, Actor, Resource
from lab.web.request.guards import LoadedResource

VIEW = "letter.view"


def resources_of(actor: Actor, letters: Collection[Letter]) -> dict[int, Resource]:
    """Return the letters by id as policy resources. One query for all.

    Relations: "recipient" when addressed to the actor, "conflicted" when on a matter of the actor's
    own.
    """
    is_listed = Letter.id.in_([letter.id for letter in letters])
    conflicted_ids = frozenset(
        db.session.scalars(select(Letter.id).where(is_listed, on_own_matter(actor)))
    )
    return {letter.id: _resource(actor, letter, letter.id in conflicted_ids) for letter in letters}


def _resource(actor: Actor, letter: Letter, is_conflicted: bool) -> Resource:
    mine = any(row.person_id == actor.id for row in letter.recipients)
    flags = {"recipient": mine, CONFLICTED: is_conflicted}
    relations = frozenset(name for name, true in flags.items() if true)
    return Resource("letter", letter.status, relations)


def letter_resource(actor: Actor, letter: Letter) -> Resource:
    """Return one letter as a policy resource."""
    return resources_of(actor, [letter])[letter.id]


def on_own_matter(actor: Actor) -> ColumnElement[bool]:
    """Return the SQL condition: the letter is about something the actor takes part in."""
    parts = (
        and_(Letter.object_type == closed.object_type, Letter.object_key.in_(closed.keys))
        for closed in closed_objects(actor)
    )
    return or_(false(), *parts)


def addressed_to(person_id: int) -> ColumnElement[bool]:
    """Return the SQL condition: the letter is addressed to the person."""
    return Letter.id.in_(
        select(LetterRecipient.letter_id).where(LetterRecipient.person_id == person_id)
    )


def outbox_condition(actor: Actor) -> ColumnElement[bool]:
    """Return the SQL condition for the actor's outbox.

    No letters to the actor, none on a matter of the actor's own.
    """
    return ~addressed_to(actor.id) & ~on_own_matter(actor)


def kept_out_ids(actor: Actor) -> CompoundSelect[Any]:
    """Return the ids of the letters that are not in the actor's outbox; see `outbox_condition`."""
    return union(
        select(LetterRecipient.letter_id).where(LetterRecipient.person_id == actor.id),
        select(Letter.id).where(on_own_matter(actor)),
    )


def received_condition(person_id: int) -> ColumnElement[bool]:
    """Return the SQL condition for letters that a person has received."""
    return addressed_to(person_id) & (Letter.status == LetterStatus.SENT)


def find_letter(key: str) -> Letter | None:
    """Return the letter with this key and its recipients, None when there is none."""
    query = select(Letter).where(Letter.key == key).options(selectinload(Letter.recipients))
    letter: Letter | None = db.session.scalar(query)
    return letter


def load_letter(actor: Actor, key: str) -> LoadedResource | None:
    """Load the letter with this key."""
    letter = find_letter(key)
    return LoadedResource(letter, letter_resource(actor, letter), VIEW) if letter else None


def load_addressed(actor: Actor, key: str, recipient_key: str) -> LoadedResource | None:
    """Load one recipient of a letter."""
    letter = find_letter(key)
    rows = letter.recipients if letter else []
    row = next((row for row in rows if row.key == recipient_key), None)
    return LoadedResource(row, letter_resource(actor, letter), VIEW) if letter and row else None
