"""Reads of what one person holds, and of those who may receive it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload

from lab.extensions import db
from lab.handover.kinds import HANDED_OVER, HandedOverKind
from lab.handover.rules import HeldItem, Receiver, general_obstacle
from lab.identity.core.people_search import APART
from lab.identity.models.account import Person, Unit
from lab.policy import STAFF, Actor


@dataclass(frozen=True)
class HeldRow:
    """One thing with those who may receive it, as (key of the person, name and unit)."""

    key: str
    name: str
    state: str
    note: str
    candidates: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class HeldKind:
    """The things of one kind that a person holds."""

    code: str
    label: str
    rule: str
    rows: tuple[HeldRow, ...]


def held_items(reader: Actor, giver_id: int) -> dict[str, dict[str, HeldItem]]:
    """Return what the person holds by code of the kind and key of the thing."""
    return {
        kind.code: {item.key: item for item in kind.items(reader, giver_id)}
        for kind in HANDED_OVER.extensions()
    }


def held_kinds(reader: Actor, giver_id: int) -> tuple[HeldKind, ...]:
    """Return the kinds of which the person holds something, each thing with its candidates."""
    items = held_items(reader, giver_id)
    every = [item for own in items.values() for item in own.values()]
    people = _people_near(every)
    usable = [p for p in people if not general_obstacle(p, giver_id, reader.id)]
    return tuple(
        HeldKind(
            kind.code,
            kind.label,
            kind.rule,
            tuple(_held_row(kind, item, usable) for item in items[kind.code].values()),
        )
        for kind in HANDED_OVER.extensions()
        if items[kind.code]
    )


def _held_row(kind: HandedOverKind, item: HeldItem, people: Iterable[Receiver]) -> HeldRow:
    suited = [person for person in people if not kind.obstacle(item, person)]
    candidates = tuple((person.key, person.label) for person in suited)
    return HeldRow(item.key, item.name, item.state, item.note, candidates)


def _people_near(items: Sequence[HeldItem]) -> list[Receiver]:
    """Return everybody in use who works near one of these things: two queries, or none."""
    units = {unit for item in items for unit in item.unit_ids}
    people = {person for item in items for person in item.people_ids}
    if not units and not people:
        return []
    near = or_(Person.unit_id.in_(sorted(units)), Person.id.in_(sorted(people)))
    return _receivers(near, Person.disabled_at.is_(None), Person.kind == STAFF)


def receivers_by_key(keys: Collection[str]) -> dict[str, Receiver]:
    """Return the people with these keys, whoever they are."""
    return {person.key: person for person in _receivers(Person.key.in_(sorted(keys)))}


def _receivers(*conditions: Any) -> list[Receiver]:
    query = (
        select(Person, APART)
        .outerjoin(Unit, Unit.id == Person.unit_id)
        .where(*conditions)
        .options(joinedload(Person.unit), selectinload(Person.grants))
        .order_by(Unit.name, Person.name, Person.id)
    )
    return [
        Receiver(
            id=person.id,
            key=person.key,
            name=person.name,
            unit_id=person.unit_id,
            unit=person.unit_name,
            roles=person.roles,
            enabled=person.disabled_at is None and person.kind == STAFF,
            activated=bool(person.password_hash),
            apart=apart,
        )
        for person, apart in db.session.execute(query)
    ]
