"""Reads of how much people hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select, union_all

from lab.extensions import db
from lab.handover.kinds import HANDED_OVER, WITHDRAWN, HandedOverKind, WithdrawnKind
from lab.handover.records import queries as records
from lab.handover.records.queries import RecordRow
from lab.identity.core.people_search import found_by_office
from lab.identity.models.account import Person, Unit
from lab.policy import STAFF, Actor
from lab.web.pages.pagination import Page, paginate

PAGE = 50
_DISABLED = select(Person.id).where(Person.disabled_at.is_not(None), Person.kind == STAFF)


@dataclass(frozen=True)
class HolderRow:
    """A person, and how many things are left to hand over or to withdraw."""

    key: str
    name: str
    sign_in_name: str
    unit: str
    disabled_at: datetime | None
    total: int


def _totals(reader: Actor, people: Any) -> Any:
    """Return the subquery of how much these people hold, over all kinds."""
    kinds: list[HandedOverKind | WithdrawnKind] = [*HANDED_OVER.extensions()]
    kinds += WITHDRAWN.extensions()
    held = union_all(*(kind.counts(reader, people) for kind in kinds)).subquery()
    return (
        select(held.c.person_id, func.sum(held.c.total).label("total"))
        .group_by(held.c.person_id)
        .subquery()
    )


def _holders(reader: Actor, text: str) -> Select[Any]:
    """Return those found by name, pinyin, initials, unit or sign-in name.

    Without a text those with closed accounts who still hold something.
    """
    query = select(Person.id, Person.key, Person.name, Person.sign_in_name, Person.disabled_at)
    query = query.outerjoin(Unit, Unit.id == Person.unit_id)
    query = query.add_columns(func.coalesce(Unit.name, "").label("unit"))
    if not text:
        totals = _totals(reader, _DISABLED)
        return query.join(totals, totals.c.person_id == Person.id).add_columns(totals.c.total)
    named = found_by_office(text)
    matching = select(Person.id).where(Person.kind == STAFF, named)
    totals = _totals(reader, matching)
    return (
        query.where(Person.kind == STAFF, named)
        .outerjoin(totals, totals.c.person_id == Person.id)
        .add_columns(func.coalesce(totals.c.total, 0).label("total"))
    )


def _holder(row: Any) -> HolderRow:
    return HolderRow(row.key, row.name, row.sign_in_name, row.unit, row.disabled_at, int(row.total))


def holders(reader: Actor, args: Mapping[str, str]) -> Page:
    """Return a page of at most PAGE HolderRow by name.

    `args` carries the cursor and `q`, of which 40 characters count: name, pinyin, unit or sign-in
    name. Without `q` those with closed accounts who still hold something.
    """
    query = _holders(reader, args.get("q", "").strip()[:40])
    page = paginate(query, (Person.name, Person.id), args, session=db.session(), size=PAGE)
    return page.map(_holder)


def unfinished_handovers(reader: Actor, most: int) -> list[HolderRow]:
    """Return closed accounts that still hold something, the longest closed first."""
    query = _holders(reader, "").order_by(Person.disabled_at, Person.id).limit(most)
    return [_holder(row) for row in db.session.execute(query)]


@dataclass(frozen=True)
class HandoverIndex:
    """The list of people, and the latest handovers. `searched`: by a name."""

    people: Page
    searched: bool
    records: Sequence[RecordRow]


def handover_index(reader: Actor, args: Mapping[str, str]) -> HandoverIndex:
    """Return the list as filtered, and the latest handovers; `args` as in `holders`."""
    searched = bool(args.get("q", "").strip())
    return HandoverIndex(holders(reader, args), searched, records.record_rows())
