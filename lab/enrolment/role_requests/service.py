"""Decide requested roles: grant many at once, or refuse them with a reason."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from lab import audit, clock, policy
from lab.db import transition
from lab.enrolment.access import request_resource
from lab.enrolment.models import RoleRequest
from lab.enrolment.role_requests.queries import account_of
from lab.enrolment.rules.decisions import reason_not_to_decide, reason_to_wait
from lab.enrolment.rules.request_lifecycle import RequestStatus
from lab.extensions import db
from lab.identity.models.account import Person
from lab.identity.people.queries_handovers import linked_to
from lab.identity.people.service_bulk import add_roles
from lab.inbox.notices.service import notify
from lab.policy import ROLE_LABELS, Actor
from lab.rejected import Rejected

CHANGED = "所选的申请中有{}项已被办理或已不存在，没有办理。请刷新页面后重新选择。"


def grant(keys: Collection[str], by: Person) -> int:
    """Grant the chosen requests, all or none; return how many.

    Raises Rejected when one was decided meanwhile, cannot be granted yet, or is not this person's
    to decide.
    """
    requests = _locked(keys)
    people = _people(requests)
    _reject_others(requests, by)
    for row in requests:
        if reason := reason_to_wait(row.role, account_of(people[row.person_id])):
            raise Rejected(f"{people[row.person_id].name}：{reason}，不能授予。请取消勾选。")
    additions: dict[Person, list[str]] = {}
    for row in requests:
        person = people[row.person_id]
        if row.role not in person.roles:
            additions.setdefault(person, []).append(row.role)
    _decide(requests, "grant", by)
    add_roles(additions, {"asked_by": "、".join(_askers(requests))})
    _notify_granted(additions)
    return len(requests)


def refuse(keys: Collection[str], answer: str, by: Person) -> int:
    """Refuse the chosen requests with a reason; return how many. Raises Rejected as `grant`."""
    requests = _locked(keys)
    _reject_others(requests, by)
    _decide(requests, "refuse", by, answer=answer)
    askers = {row.asked_by_id for row in requests}
    text = f"{len(requests)}项角色申请未获同意。理由：{answer}"
    notify(askers, text)
    return len(requests)


def _locked(keys: Collection[str]) -> Sequence[RoleRequest]:
    """Return the chosen requests, locked; raises Rejected unless all of them wait."""
    query = (
        select(RoleRequest)
        .where(RoleRequest.key.in_(keys), RoleRequest.status == RequestStatus.PENDING)
        .order_by(RoleRequest.id)
        .with_for_update(of=RoleRequest)
        .options(selectinload(RoleRequest.asked_by))
        .execution_options(populate_existing=True)
    )
    requests = db.session.scalars(query).all()
    if missing := len(set(keys)) - len(requests):
        raise Rejected(CHANGED.format(missing))
    return requests


def _people(requests: Iterable[RoleRequest]) -> dict[int, Person]:
    """Return the people by id, locked and with their grants as they are now."""
    query = (
        select(Person)
        .where(Person.id.in_({row.person_id for row in requests}))
        .order_by(Person.id)
        .with_for_update(of=Person)
        .options(selectinload(Person.grants))
        .execution_options(populate_existing=True)
    )
    return {person.id: person for person in db.session.scalars(query)}


def _reject_others(requests: Iterable[RoleRequest], by: Person) -> None:
    actor, linked_ids = Actor(by.id, by.roles, by.unit_id), linked_to(by.id)
    for row in requests:
        resource = request_resource(actor, row, linked_ids)
        if not policy.allowed("role_request.decide", actor, resource):
            reason = reason_not_to_decide(resource.relations)
            raise Rejected(f"所选的申请中有不能由您办理的：{reason}。请取消勾选。")


def _decide(requests: Sequence[RoleRequest], step: str, by: Person, answer: str = "") -> None:
    for row in requests:
        transition(row, step, decided_by_id=by.id, decided_at=clock.now(), answer=answer)
    detail = {"role_count": len(requests), "reason_length": len(answer)}
    audit.record(f"role_request.{step}", object_type="RoleRequest", detail=detail)


def _askers(requests: Iterable[RoleRequest]) -> list[str]:
    return sorted({row.asked_by.name for row in requests})


def _notify_granted(additions: dict[Person, list[str]]) -> None:
    """Tell the people, one text for all who got the same."""
    groups: dict[tuple[str, ...], list[int]] = {}
    for person, roles in additions.items():
        groups.setdefault(tuple(roles), []).append(person.id)
    for granted, ids in groups.items():
        labels = "、".join(ROLE_LABELS[role] for role in granted)
        notify(ids, f"已授予您角色：{labels}。")
