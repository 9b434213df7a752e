"""Writes of release requests: ask, approve, reject, withdraw, expire; also from the shell."""

from __future__ import annotations

import logging

from sqlalchemy import select

from lab import audit, clock, policy
from lab.db import expect_version, lock_row, reading, transition
from lab.extensions import db
from lab.identity.models.account import Person
from lab.policy import Actor
from lab.rejected import Rejected
from lab.releases import registry
from lab.releases.access import (
    find_releasers,
    is_blocked_by_link,
    linked_person_ids,
    release_resource,
)
from lab.releases.models import Release
from lab.releases.registry import Facts, ReleasableAction, ReleaseTarget
from lab.releases.requests import notices
from lab.releases.requests.obstacles import (
    ALREADY_REQUESTED,
    ASKER_NOT_ENTITLED,
    CHANGED_MESSAGE,
    asker_still_entitled,
    canonical_facts,
    has_changed,
    no_releaser_message,
    pending_release,
    require_target,
)
from lab.releases.rules.lifecycle import WORKING_DAYS, ReleaseStatus
from lab.workdays import queries as workdays

log = logging.getLogger("lab.releases")
LINKED_BY_PASSWORD = "您和{}有一方给过另一方初始密码，不能复核此申请。"
BATCH_SIZE = 100  # requests that one run expires at most


def _create_request(
    action: ReleasableAction, target: ReleaseTarget, after: Facts, reason: str
) -> Release:
    day = workdays.count_working_days(clock.today(), WORKING_DAYS).day
    row = Release(
        action_code=action.code,
        object_type=action.object_type,
        object_key=target.key,
        object_name=target.name[:120],
        account_level=target.account_level,
        concerned_id=target.concerned_id,
        before_json=canonical_facts(target.facts),
        after_json=canonical_facts(after),
        reason=reason,
        asked_at=clock.now(),
        due_at=clock.end_of_day(day),
    )
    row.begin()
    db.session.add(row)
    return row


def request_release(code: str, key: str, after: Facts, *, asker: Person, reason: str) -> Release:
    """Request an action; a second person has until the end of the fifth working day to decide.

    Raises Rejected when the action is not possible now or not for this person, when a request for
    it is pending already, or when nobody may release it.
    """
    action = registry.find_action(code)
    target = require_target(action, key, after, for_update=True)
    action.check(target, after)
    if not action.may_ask(asker, key):
        raise Rejected("您不能申请此事项。")
    if pending_release(action, target.key) is not None:
        raise Rejected(ALREADY_REQUESTED)
    releasers = find_releasers(action, target.account_level, asker.id, target.concerned_id)
    if not releasers:
        blocked_by_link = is_blocked_by_link(
            action, target.account_level, asker.id, target.concerned_id
        )
        raise Rejected(no_releaser_message(action, key, after, blocked_by_link=blocked_by_link))
    row = _create_request(action, target, after, reason)
    row.asked_by = asker
    db.session.flush()
    notices.notify_requested(row, releasers)
    audit.record(
        "release.ask", row, detail={"action": action.policy_action, "reason_length": len(reason)}
    )
    return row


# -- the second person -------------------------------------------------------------------------


def approve_release(release: Release, version: int | None, by: Person) -> None:
    """Approve the request and carry out its action in the same transaction.

    The action writes its own audit line. Raises EditConflict when the request changed since it was
    shown, TransitionRejected when it is no longer pending, and Rejected when `by` is the asker, the
    person concerned or linked to either by an initial password, when the deadline has passed, when
    the action is no longer possible or the facts it is based on have changed, or when the asker may
    no longer ask for it.
    """
    expect_version(release, version)
    release.machine.transition_for(release.status, "agree")
    _reject_involved(release, by)
    if clock.now() > release.due_at:
        raise Rejected("申请已过复核期限，没有办理。如仍需要，请重新申请。")
    _carry_out(release, decided_by=by)


def _reject_involved(release: Release, by: Person) -> None:
    """Reject a decision by anybody who is not independent of the request.

    The guard of the page asks the same policy; this holds for every other caller, too.
    """
    if by.id in (release.asked_by_id, release.concerned_id):
        raise Rejected("申请人和所涉人员不能复核。")
    actor = Actor(by.id, by.roles, by.unit_id)
    resource = release_resource(actor, release, linked_person_ids(actor))
    if policy.allowed("release.decide", actor, resource):
        return
    if "linked" in resource.relations:
        raise Rejected(LINKED_BY_PASSWORD.format("申请人"))
    if "linked_concerned" in resource.relations:
        raise Rejected(LINKED_BY_PASSWORD.format("所涉人员"))


def _carry_out(release: Release, *, decided_by: Person | None = None, operator: str = "") -> None:
    action = registry.find_action(release.action_code)
    target = require_target(action, release.object_key, release.after, for_update=True)
    if has_changed(release, target):
        raise Rejected(CHANGED_MESSAGE)
    if not asker_still_entitled(release):
        raise Rejected(ASKER_NOT_ENTITLED)
    action.check(target, release.after)
    release.decided_by, release.operator = decided_by, operator
    transition(release, "agree", decided_at=clock.now())
    db.session.flush()
    action.carry_out(release)
    notices.notify_done(release)


def reject_release(release: Release, version: int | None, by: Person, answer: str) -> None:
    """Reject the request with a reason (不同意).

    Raises EditConflict when it changed since it was shown, TransitionRejected when it is no longer
    pending or the reason is missing.
    """
    expect_version(release, version)
    transition(release, "refuse", decided_by_id=by.id, decided_at=clock.now(), answer=answer)
    notices.notify_rejected(release)
    detail = {"action": f"release.{release.action_code}", "reason_length": len(answer)}
    audit.record("release.refuse", release, detail=detail)


def withdraw_release(release: Release, version: int | None, by: Person) -> None:
    """Withdraw the request on behalf of its asker.

    Raises EditConflict when it changed since it was shown, TransitionRejected when it is no longer
    pending.
    """
    expect_version(release, version)
    transition(release, "withdraw", decided_by_id=by.id, decided_at=clock.now())
    notices.notify_withdrawn(release)
    audit.record("release.withdraw", release, detail={"action": f"release.{release.action_code}"})


# -- expiry and the server's shell -------------------------------------------------------------


def expire_due() -> int:
    """Expire the requests that nobody decided in time; return how many.

    Each is expired in a transaction of its own, at most BATCH_SIZE in one run.
    """
    with reading() as session:
        late = select(Release.key).where(
            Release.status == ReleaseStatus.PENDING, Release.due_at < clock.now()
        )
        keys = list(session.scalars(late.order_by(Release.id).limit(BATCH_SIZE)))
    count = sum(_expire(key) for key in keys)
    db.session.remove()
    return count


def _expire(key: str) -> bool:
    row = db.session.scalars(select(Release).where(Release.key == key)).one()
    lock_row(row)
    is_overdue = row.status == ReleaseStatus.PENDING and row.due_at < clock.now()
    if is_overdue:
        transition(row, "expire", decided_at=clock.now())
        notices.notify_expired(row)
        audit.record("release.expire", row, detail={"action": f"release.{row.action_code}"})
    db.session.commit()
    return is_overdue


def carry_out_by_operator(
    code: str, key: str, after: Facts, *, operator: str, reason: str
) -> Release:
    """Carry out an action from the server's shell, with the same checks but no second person.

    The operator is accountable. If the action is already requested with the same facts, that
    request is carried out. Raises Rejected when the action is not possible, or when it is requested
    with other facts.
    """
    action = registry.find_action(code)
    target = require_target(action, key, after, for_update=True)
    action.check(target, after)
    row = pending_release(action, target.key)
    if row is not None and row.after_json != canonical_facts(after):
        raise Rejected("已有内容不同的申请等待复核，请先撤回。")
    if row is None:
        row = _create_request(action, target, after, reason)
        row.operator = operator
        db.session.flush()
    release_by_operator(row, operator)
    return row


def release_by_operator(release: Release, operator: str) -> None:
    """Carry out a pending request from the server's shell.

    Raises EditConflict when the request is gone, TransitionRejected when it is no longer pending,
    Rejected when the action is no longer possible or the facts it is based on have changed, or when
    the asker may no longer ask for it.
    """
    lock_row(release)
    release.machine.transition_for(release.status, "agree")
    _carry_out(release, operator=operator)
    log.warning(
        "released at the shell",
        extra={"act": release.action_code, "release": release.key, "operator": operator},
    )
