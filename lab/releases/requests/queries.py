"""Queries of requests that need a second person."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lab import policy
from lab.extensions import db
from lab.identity.core.role_labels import with_roles
from lab.policy import Actor
from lab.releases import registry
from lab.releases.access import (
    VIEW,
    find_releasers,
    is_blocked_by_link,
    is_of_kind,
    kinds_released,
    linked_person_ids,
    release_resource,
    visible_condition,
)
from lab.releases.models import Release
from lab.releases.registry import LabelledTexts, NextStep
from lab.releases.requests import obstacles
from lab.releases.requests.notices import format_asker, format_releaser
from lab.releases.rules.lifecycle import RELEASE, WORKING_DAYS, ReleaseStatus
from lab.web.links import About, path_to
from lab.web.pages.pagination import Page, paginate
from lab.workflow import State

MAX_WAITING = 100
UNCHANGED = "不变"


@dataclass(frozen=True)
class ReleaseRow:
    """One request in the list; `awaits_reader`: the reader may decide it now."""

    key: str
    label: str
    about: str
    asked_by: str
    asked_at: datetime
    due_at: datetime
    state: State
    awaits_reader: bool

    @property
    def is_pending(self) -> bool:
        return self.state.code == ReleaseStatus.PENDING


class ChangedFact(NamedTuple):
    """One fact: its value at the request, "" for something new, and what the action makes of it."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class ReleasePage:
    """Everything that the page of one request shows.

    `releasers` may release it now; `obstacle`: why it cannot be carried out now; `command` carries
    it out at the server's shell where nobody may release it.
    """

    row: ReleaseRow
    asked_by: str
    version: int
    reason: str
    changes: tuple[ChangedFact, ...]
    concerned: str
    address: str
    decided_by: str
    decided_at: datetime | None
    answer: str
    releasers: tuple[str, ...]
    obstacle: str
    command: str
    next_step: NextStep | None


def _release_query() -> Any:
    return select(Release).options(joinedload(Release.asked_by), joinedload(Release.decided_by))


def _row(release: Release, actor: Actor, linked_ids: Collection[int]) -> ReleaseRow:
    return ReleaseRow(
        key=release.key,
        label=registry.find_action(release.action_code).label,
        about=release.object_name,
        asked_by=release.asked_by.name if release.asked_by else release.operator,
        asked_at=release.asked_at,
        due_at=release.due_at,
        state=RELEASE.state(release.status),
        awaits_reader=policy.allowed(
            "release.decide", actor, release_resource(actor, release, linked_ids)
        ),
    )


def awaiting_decision_of(actor: Actor) -> list[ReleaseRow]:
    """Return the requests that await this person's decision, the first due first."""
    if not (kinds := kinds_released(actor)):
        return []
    rows = db.session.scalars(
        _release_query()
        .where(Release.status == ReleaseStatus.PENDING, is_of_kind(kinds))
        .order_by(Release.due_at, Release.id)
        .limit(MAX_WAITING)
    )
    linked_ids = linked_person_ids(actor)
    return [listed for row in rows if (listed := _row(row, actor, linked_ids)).awaits_reader]


def list_releases(actor: Actor, args: Mapping[str, str]) -> Page:
    """Return a page of the requests that the person may view, as ReleaseRow, newest first."""
    query: Any = _release_query().where(visible_condition(actor))
    if (status := args.get("status", "")) in RELEASE.codes:
        query = query.where(Release.status == status)
    page = paginate(query, (Release.id.desc(),), args, session=db.session(), size=30, count=True)
    linked_ids = linked_person_ids(actor)
    return page.map(lambda release: _row(release, actor, linked_ids))


def release_page(release: Release, actor: Actor) -> ReleasePage:
    """Return what the page of a request shows."""
    action = registry.find_action(release.action_code)
    is_pending = release.status == ReleaseStatus.PENDING
    releasers = find_releasers(
        action, release.account_level, release.asked_by_id, release.concerned_id
    )
    return ReleasePage(
        row=_row(release, actor, linked_person_ids(actor)),
        version=release.version,
        reason=release.reason,
        changes=_changes(action.describe(release.before), action.describe(release.after)),
        asked_by=format_asker(release),
        concerned=release.concerned.name if release.concerned else "",
        address=path_to(About(action.object_type, release.object_key)),
        decided_by=_decider(release),
        decided_at=release.decided_at,
        answer=release.answer,
        releasers=tuple(map(with_roles, releasers)) if is_pending else (),
        obstacle=obstacles.reason_not_applicable(release) if is_pending else "",
        next_step=(
            action.next_step(release, actor.id) if release.status == ReleaseStatus.DONE else None
        ),
        command=f"flask --app app release carry-out {release.key}" if not releasers else "",
    )


def _changes(before: LabelledTexts, after: LabelledTexts) -> tuple[ChangedFact, ...]:
    """Return each label once, in the order of the request."""
    was, becomes = dict(before), dict(after)
    return tuple(
        ChangedFact(label, was.get(label, ""), becomes.get(label, UNCHANGED))
        for label in was | becomes
    )


def _decider(release: Release) -> str:
    return format_releaser(release) if release.decided_by or release.operator else ""


@dataclass(frozen=True)
class RequestOutlook:
    """Before a request is made: the people who could release it, or the message that nobody may.

    `waiting_message`: the same request is pending; `request_key` is its key if it may be viewed.
    `working_days`: how long a request stays open.
    """

    releasers: tuple[str, ...] = ()
    nobody_message: str = ""
    waiting_message: str = ""
    request_key: str = ""
    working_days: int = WORKING_DAYS


def request_outlook(code: str, key: str, after: Mapping[str, Any], actor: Actor) -> RequestOutlook:
    """Return who may release such an action if this person requests it now."""
    action = registry.find_action(code)
    nobody = partial(obstacles.no_releaser_message, action, key, after)
    if (target := action.load_target(key, after, False)) is None:
        return RequestOutlook(nobody_message=nobody(blocked_by_link=False))
    if (same := obstacles.pending_release(action, target.key)) is not None:
        resource = release_resource(actor, same, linked_person_ids(actor))
        return RequestOutlook(
            waiting_message=obstacles.ALREADY_REQUESTED,
            request_key=same.key if policy.allowed(VIEW, actor, resource) else "",
        )
    parties = (action, target.account_level, actor.id, target.concerned_id)
    if releasers := find_releasers(*parties):
        return RequestOutlook(releasers=tuple(map(with_roles, releasers)))
    return RequestOutlook(nobody_message=nobody(blocked_by_link=is_blocked_by_link(*parties)))
