"""Load the people and units that addresses name, with the actor's relations to them."""

from __future__ import annotations

from lab.identity.core import queries as core_queries
from lab.identity.core.slips import has_right_to_slip
from lab.identity.models.account import Person
from lab.identity.rules.privileges import PLAIN, privilege_level
from lab.policy import LEADING, OFFICE, REVIEWER, STAFF, Actor, Resource
from lab.web.request.guards import LoadedResource


def person_resource(actor: Actor, person: Person) -> Resource:
    """Return the person as a policy resource.

    Relations: "staff" with a business account, "ordinary" without a seat in the office or the
    leading group, "plain" with no more than 申报人, "of_reviewer" with 评委 among the roles,
    "without_password" where a slip may be issued for it, "self".
    """
    roles = person.roles
    level = {
        "staff": person.kind == STAFF,
        "ordinary": person.kind == STAFF and not roles & {OFFICE, LEADING},
        "plain": privilege_level(roles) == PLAIN,
        "of_reviewer": REVIEWER in roles,
        "without_password": has_right_to_slip(person),
        "self": person.id == actor.id,
    }
    relations = {word for word, true in level.items() if true}
    state = "disabled" if person.disabled_at else "open"
    return Resource("person", state, frozenset(relations))


def load_person(actor: Actor, key: str) -> LoadedResource | None:
    """Load the person with this key."""
    person = core_queries.find_person(key)
    return LoadedResource(person, person_resource(actor, person), "people.view") if person else None


def load_unit(actor: Actor, key: str) -> LoadedResource | None:
    """Load the unit with this key."""
    unit = core_queries.find_unit(key)
    return LoadedResource(unit, Resource("unit"), "units.list") if unit else None
