"""How the acts on accounts are checked and carried out once a second person has agreed."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from typing import Any

from flask import url_for

from lab import policy
from lab.accounts import targets
from lab.accounts.wording import DISABLED, FIRST, TAKEN, in_words
from lab.errors import Refused
from lab.identity import service
from lab.identity.loaders import person_subject
from lab.identity.models import Person
from lab.identity.powers import BEYOND_REVIEWER, PLAIN, REVIEWER_ONLY, added_powers
from lab.identity.queries_people import find_person
from lab.identity.queries_resets import slip_waits
from lab.identity.service_resets import Released, note_slip, reset_by_release
from lab.policy import REVIEWER, Actor
from lab.releases import acts
from lab.releases.acts import Facts, NextStep, ReleaseAct, Target, release_facts
from lab.releases.models import Release
from lab.releases.notices import asker_words, releaser_words

RESET, UNIT, ENABLE = "reset_password", "change_unit", "enable"
GRANT, CREATE_ADMIN = "grant_roles", "create_admin"
BOTH = (REVIEWER_ONLY, BEYOND_REVIEWER)
SHELL = "flask --app app release"
ONCE = (
    "初始密码只显示一次，请先准备好转告本人的方式再查看。"
    "查看后，您与此账号不能互相复核，直到由他人重置其密码。"
)


def _person(release: Release) -> Person:
    person = find_person(release.object_key)
    assert person is not None  # looked at, and held, in the same transaction
    return person


def _released(release: Release) -> Released:
    return Released(
        key=release.key,
        asked_by=asker_words(release),
        released_by=releaser_words(release),
        slip_for_id=release.asked_by_id,
        facts=release_facts(release),
    )


def _may(action: str) -> Callable[[Person, str], bool]:
    """What the policy says of this action to the person, on the account with the key."""

    def may_ask(asker: Person, key: str) -> bool:
        actor, person = Actor(asker.id, asker.roles, asker.unit_id), find_person(key)
        subject = person_subject(actor, person) if person else None
        return policy.allowed(action, actor, subject)

    return may_ask


def _page_of(key: str) -> str:
    return f"/people/{key}"


def _sign_in_name(key: str) -> str:
    person = find_person(key)
    return person.sign_in_name if person else key


def _command(verb: str, key: str, *more: str) -> str:
    return " ".join((SHELL, verb, shlex.quote(_sign_in_name(key)), *more))


# -- passwords ---------------------------------------------------------------------------------


def _check_reset(target: Target, _after: Facts) -> None:
    if target.standing == PLAIN:
        raise Refused("此账号只担任申报人，可以直接重置密码，不用复核。")


def _reset(release: Release) -> None:
    reset_by_release(_person(release), _released(release))


def _slip(release: Release, person_id: int) -> NextStep | None:
    if not slip_waits(release.key, person_id):
        return None
    return NextStep("查看初始密码", url_for("accounts.take_slip", key=release.key), ONCE)


# -- units, roles, closed accounts -------------------------------------------------------------


def _check_unit(target: Target, after: Facts) -> None:
    if REVIEWER not in target.facts["roles"]:
        raise Refused("此人不担任评委，单位可以在人员信息中直接修改。")
    unit = targets.unit_named(after["unit_id"])
    if unit is None or not unit.active or unit.name != after["unit"]:
        raise Refused("所选单位已停用或已改名，请重新选择。", "unit")
    if target.facts["unit_id"] == after["unit_id"]:
        raise Refused("所选单位就是现在的单位。", "unit")


def _change_unit(release: Release) -> None:
    facts = {**release_facts(release), "before": release.before["unit"]}
    after = release.after
    service.change_unit(_person(release), after["unit_id"], {**facts, "after": after["unit"]})


def _check_roles(target: Target, after: Facts) -> None:
    if target.facts["password"] == FIRST:
        raise Refused(
            "此账号还在使用他人设置的初始密码，知道初始密码的人会一并得到新角色。"
            "请本人登录修改密码后再增加角色。"
        )
    if not added_powers(target.facts["roles"], after["roles"]):
        raise Refused("没有增加须复核的角色，可以直接保存。", "roles")


def _grant(release: Release) -> None:
    person = _person(release)
    service.set_roles(person, person.version, release.after["roles"], release_facts(release))


def _check_enable(target: Target, _after: Facts) -> None:
    if target.facts["state"] != DISABLED:
        raise Refused("此账号正在使用。")
    if target.standing == PLAIN:
        raise Refused("此账号只担任申报人，可以直接启用，不用复核。")


def _enable(release: Release) -> None:
    service.enable(_person(release), release_facts(release))


# -- new administrators ------------------------------------------------------------------------


def _check_new(target: Target, _after: Facts) -> None:
    if target.facts["account"] == TAKEN:
        raise Refused(f"登录名“{target.key}”已被使用。", "sign_in_name")


def _create(release: Release) -> None:
    after: dict[str, Any] = release.after
    person = service.create_person(
        sign_in_name=after["sign_in_name"],
        name=after["name"],
        unit_id=None,
        kind=after["kind"],
        hashed="",
        facts=release_facts(release),
    )
    note_slip(person, _released(release))


def _create_command(key: str, after: Facts) -> str:
    name, kind = after.get("name", "姓名"), after.get("kind", "system")
    return f"{SHELL} create-admin {shlex.quote(key or '登录名')} --name {name} --kind {kind}"


def register() -> None:
    """Tell the component of releases of the acts on accounts."""
    for act in ACTS:
        acts.register(act)


ACTS = (
    ReleaseAct(
        code=RESET,
        label="重置密码",
        object_type="Person",
        standings=BOTH,
        may_ask=_may("people.ask_reset"),
        look=targets.password_of,
        check=_check_reset,
        carry_out=_reset,
        words=in_words,
        address=_page_of,
        command=lambda key, _after: _command("reset-password", key),
        done_note="请打开本页查看初始密码，只能查看一次。",
        next_step=_slip,
    ),
    ReleaseAct(
        code=UNIT,
        label="变更评委单位",
        object_type="Person",
        standings=BOTH,
        may_ask=_may("people.ask_unit"),
        look=targets.unit_of,
        check=_check_unit,
        carry_out=_change_unit,
        words=in_words,
        address=_page_of,
        command=lambda key, after: _command("change-unit", key, after.get("unit", "单位名称")),
    ),
    ReleaseAct(
        code=GRANT,
        label="增加角色",
        object_type="Person",
        standings=("",),
        may_ask=_may("people.grant"),
        look=targets.roles_of,
        check=_check_roles,
        carry_out=_grant,
        words=in_words,
        address=_page_of,
        command=lambda key, after: _command(
            "grant", key, *(f"--role {role}" for role in after.get("roles", ("角色",)))
        ),
    ),
    ReleaseAct(
        code=ENABLE,
        label="启用账号",
        object_type="Person",
        standings=BOTH,
        may_ask=_may("people.ask_enable"),
        look=targets.closed_account,
        check=_check_enable,
        carry_out=_enable,
        words=in_words,
        address=_page_of,
        command=lambda key, _after: _command("enable", key),
    ),
    ReleaseAct(
        code=CREATE_ADMIN,
        label="新建管理员账号",
        object_type="Account",
        standings=("",),
        may_ask=_may("people.create_admin"),
        look=targets.new_account,
        check=_check_new,
        carry_out=_create,
        words=in_words,
        address=lambda _key: "",
        command=_create_command,
        done_note="请打开本页查看初始密码，只能查看一次。",
        next_step=_slip,
    ),
)
