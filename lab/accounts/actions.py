"""The account actions that need two people, as registered with `lab.releases`."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from functools import partial

from lab import policy
from lab.accounts import handlers, targets
from lab.accounts.rules.wording import describe_facts
from lab.identity.access import person_resource
from lab.identity.core.queries import find_person
from lab.identity.models.account import Person
from lab.identity.rules.privileges import BEYOND_REVIEWER, REVIEWER_ONLY
from lab.policy import Actor
from lab.releases.registry import Facts, ReleasableAction

RESET, UNIT, ENABLE = "reset_password", "change_unit", "enable"
GRANT, CREATE_ADMIN = "grant_roles", "create_admin"
RESTRICTED_LEVELS = (REVIEWER_ONLY, BEYOND_REVIEWER)
SHELL_COMMAND = "flask --app app release"
SLIP_NOTE = "请打开本页查看初始密码，只能查看一次。"


def _may(action: str) -> Callable[[Person, str], bool]:
    """Return a predicate that applies a policy action to the person and an account."""

    def may_ask(asker: Person, key: str) -> bool:
        actor, person = Actor(asker.id, asker.roles, asker.unit_id), find_person(key)
        resource = person_resource(actor, person) if person else None
        return policy.allowed(action, actor, resource)

    return may_ask


def _sign_in_name(key: str) -> str:
    person = find_person(key)
    return person.sign_in_name if person else key


def _command(verb: str, key: str, *more: str) -> str:
    return " ".join((SHELL_COMMAND, verb, shlex.quote(_sign_in_name(key)), *more))


def _create_command(key: str, after: Facts) -> str:
    name, kind = after.get("name", "姓名"), after.get("kind", "system")
    return (
        f"{SHELL_COMMAND} create-admin {shlex.quote(key or '登录名')} --name {name} --kind {kind}"
    )


# An action on an account that is there, and on one that is still to be made.
_on_person = partial(ReleasableAction, object_type="Person", describe=describe_facts)
_on_new = partial(ReleasableAction, object_type="Account", describe=describe_facts)

ACTIONS = (
    _on_person(
        code=RESET,
        label="重置密码",
        account_levels=RESTRICTED_LEVELS,
        may_ask=_may("people.ask_reset"),
        load_target=targets.password_target,
        check=handlers.check_reset,
        carry_out=handlers.reset_password,
        shell_command=lambda key, _after: _command("reset-password", key),
        done_note=SLIP_NOTE,
        next_step=handlers.slip_step,
    ),
    _on_person(
        code=UNIT,
        label="变更评委单位",
        account_levels=RESTRICTED_LEVELS,
        may_ask=_may("people.ask_unit"),
        load_target=targets.unit_target,
        check=handlers.check_unit,
        carry_out=handlers.change_unit,
        shell_command=lambda key, after: _command(
            "change-unit", key, after.get("unit", "单位名称")
        ),
    ),
    _on_person(
        code=GRANT,
        label="增加角色",
        account_levels=("",),
        may_ask=_may("people.grant"),
        load_target=targets.roles_target,
        check=handlers.check_roles,
        carry_out=handlers.grant_roles,
        shell_command=lambda key, after: _command(
            "grant", key, *(f"--role {role}" for role in after.get("roles", ("角色",)))
        ),
    ),
    _on_person(
        code=ENABLE,
        label="启用账号",
        account_levels=RESTRICTED_LEVELS,
        may_ask=_may("people.ask_enable"),
        load_target=targets.closed_account_target,
        check=handlers.check_enable,
        carry_out=handlers.enable_account,
        shell_command=lambda key, _after: _command("enable", key),
    ),
    _on_new(
        code=CREATE_ADMIN,
        label="新建管理员账号",
        account_levels=("",),
        may_ask=_may("people.create_admin"),
        load_target=targets.new_account_target,
        check=handlers.check_new,
        carry_out=handlers.create_account,
        shell_command=_create_command,
        done_note=SLIP_NOTE,
        next_step=handlers.slip_step,
    ),
)
