"""Why a two-person action cannot be released."""

from __future__ import annotations

import json

from sqlalchemy import select

from lab.canonical import JsonString
from lab.extensions import db
from lab.rejected import Rejected
from lab.releases import registry
from lab.releases.models import Release
from lab.releases.registry import Facts, ReleasableAction, ReleaseTarget
from lab.releases.rules.lifecycle import ReleaseStatus

GONE_MESSAGE = "所涉对象已不存在，不能办理。"
CHANGED_MESSAGE = "申请之后情况已有变化，不能按原申请办理。请申请人撤回后重新申请。"
ASKER_NOT_ENTITLED = "申请人已停用或不再有权申请此事项，不能办理。"
LINKED_EXPLANATION = (
    "给过您初始密码的人、您给过初始密码的人，不能复核您的申请，"
    "除非其中一个账号的密码以后由别人重置过。"
)
ALREADY_REQUESTED = "已有同样的申请等待复核，不用再次申请。"


def canonical_facts(facts: Facts) -> JsonString:
    """Return facts as they are stored, so that equal facts are equal texts."""
    return JsonString(json.dumps(facts, ensure_ascii=False, sort_keys=True))


def require_target(
    action: ReleasableAction, key: str, after: Facts, *, for_update: bool
) -> ReleaseTarget:
    """Return the target of an action. Raises Rejected when it is gone."""
    target = action.load_target(key, after, for_update)
    if target is None:
        raise Rejected(GONE_MESSAGE)
    return target


def no_releaser_message(
    action: ReleasableAction, key: str, after: Facts, *, blocked_by_link: bool
) -> str:
    """Return the message that nobody may release it, with the command that does it on the server.

    `blocked_by_link`: see `access.is_blocked_by_link`.
    """
    link_note = LINKED_EXPLANATION if blocked_by_link else ""
    return (
        f"目前没有第二个人可以复核“{action.label}”。{link_note}"
        f"请服务器管理员在服务器上执行：{action.shell_command(key, after)}"
    )


def pending_release(action: ReleasableAction, key: str) -> Release | None:
    """Return the pending request for this action on this object, None when there is none."""
    query = select(Release).where(
        Release.action_code == action.code,
        Release.object_type == action.object_type,
        Release.object_key == key,
        Release.status == ReleaseStatus.PENDING,
    )
    release: Release | None = db.session.scalar(query)
    return release


def has_changed(release: Release, target: ReleaseTarget) -> bool:
    """Return whether the facts or the account level have changed since the request."""
    return (
        canonical_facts(target.facts) != release.before_json
        or target.account_level != release.account_level
    )


def reason_not_applicable(release: Release) -> str:
    """Return why the action cannot be carried out now, "" when it can. Reads only."""
    action = registry.find_action(release.action_code)
    target = action.load_target(release.object_key, release.after, False)
    if target is None:
        return GONE_MESSAGE
    if has_changed(release, target):
        return CHANGED_MESSAGE
    return "" if asker_still_entitled(release) else ASKER_NOT_ENTITLED


def asker_still_entitled(release: Release) -> bool:
    """Return whether the requester may still ask for the action.

    True for a request of the operator at the shell.
    """
    asker = release.asked_by
    if asker is None:
        return True
    return asker.disabled_at is None and registry.find_action(release.action_code).may_ask(
        asker, release.object_key
    )
