"""Finds the people and units that addresses name, and how the person stands to them."""

from __future__ import annotations

from lab.identity.core import queries as core_queries
from lab.identity.models.account import Person
from lab.identity.rules.powers import PLAIN, standing_of
from lab.policy import LEADING, OFFICE, REVIEWER, STAFF, Actor, Subject
from lab.web.request.guards import Found


def person_subject(actor: Actor, person: Person) -> Subject:
    """The person as the policy sees it: "staff" with a business account, "ordinary"
    without a seat in the office or the leading group, "plain" with no more than 申报人,
    "of_reviewer" with 评委 among the roles, "self"."""
    roles = person.roles
    standing = {
        "staff": person.kind == STAFF,
        "ordinary": person.kind == STAFF and not roles & {OFFICE, LEADING},
        "plain": standing_of(roles) == PLAIN,
        "of_reviewer": REVIEWER in roles,
        "self": person.id == actor.id,
    }
    relations = {word for word, true in standing.items() if true}
    state = "disabled" if person.disabled_at else "open"
    return Subject("person", state, frozenset(relations))


def load_person(actor: Actor, key: str) -> Found | None:
    """The person with this key."""
    person = core_queries.find_person(key)
    return Found(person, person_subject(actor, person), "people.view") if person else None


def load_unit(actor: Actor, key: str) -> Found | None:
    """The unit with this key."""
    unit = core_queries.find_unit(key)
    return Found(unit, Subject("unit"), "units.list") if unit else None
