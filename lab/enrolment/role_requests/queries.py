"""Reads of requested roles: those that wait, and those that were decided."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from lab import clock
from lab.enrolment.access import request_resource
from lab.enrolment.models import RoleRequest
from lab.enrolment.rules.decisions import Account, reason_not_to_decide, reason_to_wait
from lab.enrolment.rules.request_lifecycle import ROLE_REQUEST, RequestStatus
from lab.extensions import db
from lab.identity.models.account import Person
from lab.identity.people.queries_handovers import linked_to
from lab.identity.rules.privileges import PRIVILEGED_ROLES
from lab.policy import ROLE_LABELS, Actor
from lab.web.pages.pagination import Page, paginate
from lab.workflow import State

MOST = 100  # requests on a page


@dataclass(frozen=True)
class RequestRow:
    """One requested role; `key` is the person's, `request` its own.

    `obstacle`: why the reader cannot grant it now, "" when he can; `decidable`: he can refuse it.
    `handed_by` is who had the account's slip or first password in hand, "" for nobody.
    """

    key: str
    request: str
    name: str
    sign_in_name: str
    unit: str
    role: str
    asked_by: str
    asked_at: datetime
    obstacle: str
    handed_by: str
    decidable: bool
    state: State
    answer: str
    decided_by: str
    decided_at: datetime | None

    @property
    def asked_when(self) -> str:
        """The time of the request as the page writes it, in Beijing time."""
        return clock.cn_datetime(self.asked_at)

    @property
    def note(self) -> str:
        """What the reader should know before he decides."""
        handed = f"启用单由{self.handed_by}发放" if self.handed_by else ""
        return "，".join(filter(None, (self.obstacle or "可以授予", handed)))


@dataclass(frozen=True)
class RequestsPage:
    """A page of requests: those that wait, or (`decided`) those that were decided.

    `ticked` are the keys of the requests that are chosen.
    """

    rows: Page
    decided: bool
    ticked: Collection[str]

    @property
    def grantable(self) -> int:
        """How many of this page the reader can grant now."""
        return sum(not row.obstacle for row in self.rows.items)


def account_of(person: Person) -> Account:
    """Return what the rules ask of a person's account."""
    return Account(
        disabled=person.disabled_at is not None,
        has_password=bool(person.password_hash),
        must_change=person.must_change,
    )


def requests_page(
    actor: Actor, args: Mapping[str, str], ticked: Collection[str] | None = None
) -> RequestsPage:
    """Return a page of requests for this reader, by the time they were made.

    Unless `ticked` or `args` says which are chosen, those that can be granted are.
    """
    decided = args.get("view") == "decided"
    query: Any = select(RoleRequest).options(
        joinedload(RoleRequest.person).joinedload(Person.unit),
        joinedload(RoleRequest.asked_by),
        joinedload(RoleRequest.decided_by),
    )
    if decided:
        query = query.where(RoleRequest.status != RequestStatus.PENDING)
        keys: tuple[Any, ...] = (RoleRequest.id.desc(),)
    else:
        query = query.where(RoleRequest.status == RequestStatus.PENDING)
        keys = (RoleRequest.id,)
    page = paginate(query, keys, args, session=db.session(), size=MOST, count=True)
    linked_ids = linked_to(actor.id)
    handlers = _names({row.person.first_password_by_id for row in page.items})
    rows = page.map(lambda row: _row(row, actor, linked_ids, handlers))
    if ticked is None:
        ticked = _ticked(rows.items, args.get("tick", ""))
    return RequestsPage(rows, decided, ticked)


def _ticked(rows: Iterable[RequestRow], tick: str) -> set[str]:
    if tick == "none":
        return set()
    return {row.request for row in rows if not row.obstacle or (tick == "all" and row.decidable)}


def _names(person_ids: Collection[int | None]) -> dict[int | None, str]:
    rows = db.session.execute(select(Person.id, Person.name).where(Person.id.in_(person_ids)))
    return {person_id: name for person_id, name in rows}


def _row(
    row: RoleRequest,
    actor: Actor,
    linked_ids: frozenset[int],
    handlers: Mapping[int | None, str],
) -> RequestRow:
    person = row.person
    not_mine = reason_not_to_decide(request_resource(actor, row, linked_ids).relations)
    return RequestRow(
        key=person.key,
        request=row.key,
        name=person.name,
        sign_in_name=person.sign_in_name,
        unit=person.unit_name,
        role=ROLE_LABELS[row.role],
        asked_by=row.asked_by.name,
        asked_at=row.asked_at,
        obstacle=not_mine or reason_to_wait(row.role, account_of(person)),
        handed_by=handlers.get(person.first_password_by_id, ""),
        decidable=not not_mine,
        state=ROLE_REQUEST.state(row.status),
        answer=row.answer,
        decided_by=row.decided_by.name if row.decided_by else "",
        decided_at=row.decided_at,
    )


def grantable_count(actor: Actor) -> int:
    """Return how many requests this person could grant now."""
    query = (
        select(func.count())
        .select_from(RoleRequest)
        .join(Person, Person.id == RoleRequest.person_id)
        .where(
            RoleRequest.status == RequestStatus.PENDING,
            Person.disabled_at.is_(None),
            RoleRequest.role.not_in(PRIVILEGED_ROLES)
            | ((Person.password_hash != "") & Person.must_change.is_(False)),
            RoleRequest.asked_by_id.not_in({actor.id, *linked_to(actor.id)}),
            RoleRequest.person_id != actor.id,
        )
    )
    return db.session.scalar(query) or 0
