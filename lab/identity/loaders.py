"""Finds the people and units that addresses name, and how the person stands to them."""

from __future__ import annotations

from lab.identity import queries_people, queries_units
from lab.identity.models import Person
from lab.policy import LEADING, OFFICE, STAFF, Actor, Subject
from lab.web.guards import Found


def person_subject(actor: Actor, person: Person) -> Subject:
    """The person as the policy sees it: "staff" with a business account, "ordinary"
    without a seat in the office or the leading group, "self"."""
    relations = {"staff"} if person.kind == STAFF else set()
    if relations and not person.roles & {OFFICE, LEADING}:
        relations.add("ordinary")
    if person.id == actor.id:
        relations.add("self")
    state = "disabled" if person.disabled_at else "open"
    return Subject("person", state, frozenset(relations))


def load_person(actor: Actor, key: str) -> Found | None:
    """The person with this key."""
    person = queries_people.find_person(key)
    return Found(person, person_subject(actor, person), "people.view") if person else None


def load_unit(actor: Actor, key: str) -> Found | None:
    """The unit with this key."""
    unit = queries_units.find_unit(key)
    return Found(unit, Subject("unit"), "units.list") if unit else None
