"""Validate account actions and carry them out once a second person has agreed."""

from __future__ import annotations

from typing import Any

from flask import url_for

from lab.accounts import targets
from lab.accounts.rules.wording import DISABLED, FIRST, TAKEN
from lab.identity.core.queries import find_person
from lab.identity.models.account import Person
from lab.identity.passwords.queries import slip_is_unread
from lab.identity.passwords.service_resets import Released, offer_slip, reset_by_release
from lab.identity.people import service as people_service
from lab.identity.people import unit_guard
from lab.identity.rules.privileges import PLAIN, REVIEWER_ONLY, added_privileges
from lab.policy import REVIEWER
from lab.rejected import Rejected
from lab.releases.models import Release
from lab.releases.registry import Facts, NextStep, ReleaseTarget, release_facts
from lab.releases.requests.notices import format_asker, format_releaser

SHOWN_ONCE_NOTE = "初始密码只显示一次，请先准备好转告本人的方式再查看。"
SLIP_SEEN_NOTE = "看过初始密码后，您和本人不能复核对方的申请，除非此账号的密码以后由别人重置过。"


def _person(release: Release) -> Person:
    person = find_person(release.object_key)
    assert person is not None  # looked at, and held, in the same transaction
    return person


def _released(release: Release) -> Released:
    return Released(
        key=release.key,
        asked_by=format_asker(release),
        released_by=format_releaser(release),
        slip_for_id=release.asked_by_id,
        facts=release_facts(release),
    )


# -- passwords ---------------------------------------------------------------------------------


def check_reset(target: ReleaseTarget, _after: Facts) -> None:
    """Require an account with more than 申报人: others are reset by one person."""
    if target.account_level == PLAIN:
        raise Rejected("此账号只担任申报人，可以直接重置密码，不用复核。")


def reset_password(release: Release) -> None:
    """Reset the password; the first password is shown once (see `slip_step`)."""
    reset_by_release(_person(release), _released(release))


def slip_step(release: Release, person_id: int) -> NextStep | None:
    """Return the step by which the asker reads the first password, None once it was read."""
    if not slip_is_unread(release.key, person_id):
        return None
    address = url_for("accounts.take_slip", key=release.key)
    return NextStep("查看初始密码", address, SHOWN_ONCE_NOTE + slip_read_note(release))


def slip_read_note(release: Release) -> str:
    """Return what reading the first password implies for the reader.

    "" for whoever releases nothing (a mere reviewer).
    """
    return "" if release.account_level == REVIEWER_ONLY else SLIP_SEEN_NOTE


# -- units, roles, closed accounts -------------------------------------------------------------


def check_unit(target: ReleaseTarget, after: Facts) -> None:
    """Require a reviewer and another unit that is in use."""
    if REVIEWER not in target.facts["roles"]:
        raise Rejected("此人不担任评委，单位可以在人员信息中直接修改。")
    unit = targets.find_unit(after["unit_id"])
    if unit is None or not unit.active or unit.name != after["unit"]:
        raise Rejected("所选单位已停用或已改名，请重新选择。", "unit")
    if target.facts["unit_id"] == after["unit_id"]:
        raise Rejected("所选单位就是现在的单位。", "unit")


def change_unit(release: Release) -> None:
    """Move the reviewer to the unit."""
    facts = {**release_facts(release), "before": release.before["unit"]}
    after = release.after
    unit_guard.change_unit(_person(release), after["unit_id"], {**facts, "after": after["unit"]})


def check_roles(target: ReleaseTarget, after: Facts) -> None:
    """Require that nobody else knows the password of an account that gets roles above 申报人."""
    if target.facts["password"] == FIRST:
        raise Rejected(
            "此账号还在使用他人设置的初始密码，知道初始密码的人会一并得到新角色。"
            "请本人登录修改密码后再增加角色。"
        )
    if not added_privileges(target.facts["roles"], after["roles"]):
        raise Rejected("没有增加须复核的角色，可以直接保存。", "roles")


def grant_roles(release: Release) -> None:
    """Grant the roles."""
    person = _person(release)
    people_service.set_roles(person, person.version, release.after["roles"], release_facts(release))


def check_enable(target: ReleaseTarget, _after: Facts) -> None:
    """Require a closed account with more than 申报人."""
    if target.facts["state"] != DISABLED:
        raise Rejected("此账号正在使用。")
    if target.account_level == PLAIN:
        raise Rejected("此账号只担任申报人，可以直接启用，不用复核。")


def enable_account(release: Release) -> None:
    """Reopen the account."""
    people_service.enable(_person(release), release_facts(release))


# -- new administrators ------------------------------------------------------------------------


def check_new(target: ReleaseTarget, _after: Facts) -> None:
    """Require a sign-in name that is not taken."""
    if target.facts["account"] == TAKEN:
        raise Rejected(f"登录名“{target.key}”已被使用。", "sign_in_name")


def create_account(release: Release) -> None:
    """Create the administrator; the first password is shown once (see `slip_step`)."""
    after: dict[str, Any] = release.after
    person = people_service.create_person(
        sign_in_name=after["sign_in_name"],
        name=after["name"],
        unit_id=None,
        kind=after["kind"],
        hashed="",
        facts=release_facts(release),
    )
    offer_slip(person, _released(release))
