"""People found while their name, its pinyin or initials, or their unit is typed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    String,
    and_,
    case,
    cast,
    exists,
    false,
    literal,
    or_,
    select,
    true,
)
from sqlalchemy.orm import aliased

from lab.extensions import db
from lab.identity.models.account import Person, Unit
from lab.identity.models.name_keys import PersonNameKey, UnitNameKey
from lab.identity.rules.name_keys import full_readings
from lab.policy import STAFF
from lab.web.typed.people import KnownPerson, person_key, spellings, words_of

MAX_FOUND = 20
MAX_TYPED = 40  # characters of which the beginning is looked for
_LAST = "\U0010ffff"  # follows every text that begins alike
_twin: Any = aliased(Person)
_OPEN_STAFF = (Person.kind == STAFF) & Person.disabled_at.is_(None)
_HAS_TWIN = exists().where(
    _twin.name == Person.name,
    _twin.unit_id == Person.unit_id,
    _twin.id != Person.id,
    _twin.disabled_at.is_(None),
)
_HAS_DOUBLE = _HAS_TWIN.where(_twin.duty == Person.duty)
# The duty tells people of one name in one unit apart, or else their number does.
APART = case(
    (~_HAS_TWIN, ""),
    ((Person.duty == "") | _HAS_DOUBLE, literal("编号") + cast(Person.id, String)),
    else_=Person.duty,
).label("apart")
_FOUND = select(Person.id, Person.name, Unit.name.label("unit"), APART).join(
    Unit, Unit.id == Person.unit_id
)


@dataclass(frozen=True)
class FoundPeople:
    """At most `MAX_FOUND` people; `more`: others fit as well."""

    people: tuple[KnownPerson, ...]
    more: bool


def find_people(typed: str, unit_id: int | None = None) -> FoundPeople:
    """Return enabled staff whom all words of `typed` fit, as name or unit, pinyin or initials.

    `unit_id` keeps to the people of one unit, whom no word is needed for. One query; whose name it
    is exactly comes first, and whose name fits before whose unit does.
    """
    words = _words(typed)
    if not words and unit_id is None:
        return FoundPeople((), more=False)
    query = _FOUND.where(_OPEN_STAFF, *(_fits(word) for word in words))
    if unit_id is not None:
        query = query.where(Person.unit_id == unit_id)
    if words:
        exact, begun = PersonNameKey.key == words[0], _begins(PersonNameKey.key, words[0])
        query = query.order_by(_named(exact).desc(), _named(begun).desc())
    query = query.order_by(Person.name, Unit.name, Person.id).limit(MAX_FOUND + 1)
    people = [_known(row) for row in db.session.execute(query)]
    return FoundPeople(tuple(people[:MAX_FOUND]), len(people) > MAX_FOUND)


def people_for(
    names: Collection[str], ids: Collection[int], sent_ids: Collection[int] = ()
) -> list[KnownPerson]:
    """Return enabled staff of these typed names, and whoever has these stored ids, in one query.

    `sent_ids` were submitted in place of names: a number tells of nobody whom no name would find.
    """
    stored = {spelling for name in names for spelling in spellings(name)}
    sent = Person.name.in_(sorted(stored)) | Person.id.in_(sorted(set(sent_ids)))
    named = _OPEN_STAFF & sent
    query = _FOUND.where(or_(named, Person.id.in_(sorted(set(ids)))))
    return [_known(row) for row in db.session.execute(query.order_by(Unit.name, Person.id))]


def people_alike(
    typed: Collection[tuple[str, str]], ids: Collection[int] = ()
) -> list[KnownPerson]:
    """Return enabled staff called like one of the typed names, or sounding like it, and `ids`.

    `typed` are pairs of name and unit ("" for none). At most `MAX_FOUND` for each, so that a common
    name takes no place of another: whose name it is exactly first, those of the unit before others.
    One query.
    """
    alike = (Person.id.in_(_alike(name, unit)) for name, unit in sorted(set(typed)))
    query = _FOUND.where(or_(Person.id.in_(sorted(set(ids))), *alike))
    rows = db.session.execute(query.order_by(Person.name, Unit.name, Person.id))
    return [_known(row) for row in rows]


def _alike(name: str, unit: str) -> Any:
    plain = person_key(name)
    keys = {key for key in (plain, *full_readings(name)) if key}
    query = (
        select(Person.id)
        .join(Unit, Unit.id == Person.unit_id)
        .where(_OPEN_STAFF, or_(_named(PersonNameKey.key.in_(sorted(keys))), _bracketed(plain)))
        .order_by(_named(PersonNameKey.key == plain).desc())
    )
    if unit:
        of_unit = Unit.name.icontains(unit, autoescape=True) | literal(unit).icontains(Unit.name)
        query = query.order_by(of_unit.desc())
    return query.order_by(Person.name, Person.id).limit(MAX_FOUND)


def _bracketed(plain: str) -> ColumnElement[bool]:
    """Return the condition on Person that the name is this one with brackets behind: 李明（大）."""
    has_brackets = Person.name.contains("（") | Person.name.contains("(")
    return and_(has_brackets, _named(_begins(PersonNameKey.key, plain))) if plain else false()


def found_by(typed: str) -> ColumnElement[bool]:
    """Return the condition on Person that all words of `typed` fit; nobody fits without a word."""
    words = _words(typed)
    return and_(true(), *map(_fits, words)) if words else false()


def found_by_office(typed: str) -> ColumnElement[bool]:
    """Return the condition on Person of the office's searches.

    As `found_by`, or any part of the name or of the sign-in name.
    """
    return or_(
        found_by(typed),
        Person.name.contains(typed, autoescape=True),
        Person.sign_in_name.contains(typed.lower(), autoescape=True),
    )


def _words(typed: str) -> list[str]:
    return [word for word in map(person_key, words_of(typed[:MAX_TYPED])) if word]


def _fits(word: str) -> ColumnElement[bool]:
    """Return the condition on Person that a name or the unit fits the word.

    Or the duty where it is shown, which tells people of one name in one unit apart; elsewhere it
    would tell whoever searches what the office alone knows.
    """
    units = select(Unit.id).where(Unit.name.icontains(word, autoescape=True))
    sounding = select(UnitNameKey.unit_id).where(_begins(UnitNameKey.key, word))
    return or_(
        _named(_begins(PersonNameKey.key, word)),
        Person.unit_id.in_(units),
        Person.unit_id.in_(sounding),
        and_(_HAS_TWIN, Person.duty.icontains(word, autoescape=True)),
    )


def _begins(key: Any, word: str) -> ColumnElement[bool]:
    return and_(key >= word, key < word + _LAST)


def _named(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return Person.id.in_(select(PersonNameKey.person_id).where(condition))


def _known(row: Any) -> KnownPerson:
    return KnownPerson(row.id, row.name, row.unit, row.apart)
