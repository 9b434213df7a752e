"""How a person is related to a request, who may release it, and which requests lists show."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlalchemy.orm import joinedload

from lab import policy
from lab.extensions import db
from lab.identity.core.queries import open_holders
from lab.identity.models.account import Person
from lab.identity.people.queries_handovers import linked_to
from lab.policy import AUDIT, TABLE, Actor, Resource
from lab.releases import registry
from lab.releases.models import Release
from lab.releases.registry import ReleasableAction
from lab.releases.rules.lifecycle import ReleaseStatus
from lab.web.request.guards import LoadedResource

VIEW = "release.view"


def linked_person_ids(actor: Actor) -> frozenset[int]:
    """Return the ids of the people whose requests this person may not release (see `linked_to`)."""
    return linked_to(actor.id) if actor.id else frozenset()


def _relations(
    actor: Actor, asker_id: int | None, concerned_id: int | None, linked_ids: Collection[int]
) -> set[str]:
    is_related = {
        "asker": asker_id == actor.id,
        "concerned": concerned_id == actor.id,
        "linked": asker_id in linked_ids,
        "linked_concerned": concerned_id in linked_ids,
    }
    return {relation for relation, holds in is_related.items() if holds and actor.id}


def may_release(
    actor: Actor, action: ReleasableAction, account_level: str, relations: Iterable[str]
) -> bool:
    """Return whether the policy lets this person release such an action while it is pending."""
    all_relations = frozenset({*relations, *([account_level] if account_level else ())})
    return policy.allowed(
        action.policy_action, actor, Resource("release", ReleaseStatus.PENDING, all_relations)
    )


def release_resource(actor: Actor, release: Release, linked_ids: Collection[int]) -> Resource:
    """Return the request as a policy resource.

    Relations: "asker", "concerned", "linked", "linked_concerned", "releaser" (who may release it,
    or did). `linked_ids`: the `linked_person_ids` of the actor.
    """
    relations = _relations(actor, release.asked_by_id, release.concerned_id, linked_ids)
    decided = release.decided_by_id is not None and release.decided_by_id == actor.id
    if decided or may_release(
        actor, registry.find_action(release.action_code), release.account_level, relations
    ):
        relations.add("releaser")
    return Resource("release", release.status, frozenset(relations))


def find_releasers(
    action: ReleasableAction, account_level: str, asker_id: int | None, concerned_id: int | None
) -> list[Person]:
    """Return everybody with an enabled account who may release the action, sorted by name."""
    return _releasers_among(action, account_level, asker_id, concerned_id, (asker_id, concerned_id))


def is_blocked_by_link(
    action: ReleasableAction, account_level: str, asker_id: int | None, concerned_id: int | None
) -> bool:
    """Return whether somebody could release it if links by a first password did not count."""
    return bool(_releasers_among(action, account_level, asker_id, concerned_id, ()))


def _releasers_among(
    action: ReleasableAction,
    account_level: str,
    asker_id: int | None,
    concerned_id: int | None,
    with_links_of: Iterable[int | None],
) -> list[Person]:
    linked_ids_of = {one: linked_to(one) for one in with_links_of if one}

    def may(person: Person) -> bool:
        actor = Actor(person.id, person.roles, person.unit_id)
        linked_ids = [one for one, ids in linked_ids_of.items() if person.id in ids]
        relations = _relations(actor, asker_id, concerned_id, linked_ids)
        return may_release(actor, action, account_level, relations)

    return list(filter(may, open_holders({grant.role for grant in TABLE[action.policy_action]})))


def kinds_released(actor: Actor, *relations: str) -> tuple[tuple[str, str], ...]:
    """Return the kinds (action, account level) that the person may release with these relations."""
    return tuple(
        (action.code, account_level)
        for action in registry.ACTIONS.extensions()
        for account_level in action.account_levels
        if may_release(actor, action, account_level, relations)
    )


def is_of_kind(kinds: Iterable[tuple[str, str]]) -> ColumnElement[bool]:
    """Return the SQL condition: requests of these kinds."""
    pairs = [
        and_(Release.action_code == action_code, Release.account_level == account_level)
        for action_code, account_level in kinds
    ]
    return or_(false(), *pairs)


def visible_condition(actor: Actor) -> ColumnElement[bool]:
    """Return the SQL condition: requests that the person may view."""
    if AUDIT in actor.roles:
        return true()
    mine = or_(
        Release.asked_by_id == actor.id,
        Release.concerned_id == actor.id,
        Release.decided_by_id == actor.id,
    )
    linked_ids = linked_person_ids(actor)
    of_others = or_(Release.asked_by_id.is_(None), Release.asked_by_id.not_in(linked_ids))
    on_others = or_(Release.concerned_id.is_(None), Release.concerned_id.not_in(linked_ids))
    kinds = or_(
        and_(on_others, is_of_kind(kinds_released(actor))),
        is_of_kind(kinds_released(actor, "linked_concerned")),
    )
    return or_(mine, and_(of_others, kinds))


def find_release(key: str) -> Release | None:
    """Return the request with this key and its people, None when there is none."""
    people = (Release.asked_by, Release.decided_by, Release.concerned)
    query = select(Release).where(Release.key == key)
    release: Release | None = db.session.scalar(query.options(*(joinedload(p) for p in people)))
    return release


def load_release(actor: Actor, key: str) -> LoadedResource | None:
    """Load the request with this key."""
    release = find_release(key)
    if release is None:
        return None
    return LoadedResource(release, release_resource(actor, release, linked_person_ids(actor)), VIEW)
