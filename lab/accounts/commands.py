"""Commands `flask --app app release …` for account actions on the server's shell."""

from __future__ import annotations

import click

from lab.accounts import actions
from lab.accounts.rules.wording import NEW_PASSWORD, OPEN
from lab.extensions import db
from lab.identity.core.queries import person_named, unit_id_by_name
from lab.identity.passwords.service_resets import reveal_slip
from lab.policy import ADMIN_ROLES, BUSINESS_ROLES, STAFF
from lab.rejected import Rejected
from lab.releases.commands import operator_option, perform, reason_option, release
from lab.releases.models import Release
from lab.releases.registry import Facts


def _key(sign_in_name: str) -> str:
    person = person_named(sign_in_name)
    if person is None:
        raise click.ClickException(f"没有登录名为“{sign_in_name}”的账号。")
    return person.key


def _with_slip(code: str, key: str, after: Facts, operator: str, reason: str) -> None:
    row = perform(code, key, after, operator=operator, reason=reason)
    if row.asked_by is not None:
        click.echo(f"初始密码由申请人{row.asked_by.name}在复核事项页面查看一次。")
        return
    _show_slip(row, operator)


def _show_slip(row: Release, operator: str) -> None:
    person, word = reveal_slip(row.key, None, {"operator": operator})
    name = person.sign_in_name
    db.session.commit()
    click.echo(f"登录名：{name}\n初始密码：{word}\n只显示这一次；首次登录须修改。")


@release.command("reset-password")
@click.argument("sign_in_name")
@operator_option
@reason_option
def reset_password(sign_in_name: str, operator: str, reason: str) -> None:
    """Reset the password of an account with more than 申报人; print a first password."""
    after = {"password": NEW_PASSWORD}
    _with_slip(actions.RESET, _key(sign_in_name), after, operator, reason)


@release.command("change-unit")
@click.argument("sign_in_name")
@click.argument("unit")
@operator_option
@reason_option
def change_unit(sign_in_name: str, unit: str, operator: str, reason: str) -> None:
    """Move a reviewer to another unit (by name)."""
    try:
        after = {"unit_id": unit_id_by_name(unit), "unit": unit}
    except Rejected as error:
        raise click.ClickException(error.message) from error
    perform(actions.UNIT, _key(sign_in_name), after, operator=operator, reason=reason)


@release.command("grant")
@click.argument("sign_in_name")
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice(BUSINESS_ROLES))
@operator_option
@reason_option
def grant(sign_in_name: str, roles: tuple[str, ...], operator: str, reason: str) -> None:
    """Set an account's business roles to exactly these."""
    person = person_named(sign_in_name)
    if person is not None and person.kind != STAFF:
        raise click.ClickException("管理员不能同时担任业务角色。")
    after = {"roles": sorted(set(roles))}
    perform(actions.GRANT, _key(sign_in_name), after, operator=operator, reason=reason)


@release.command("enable")
@click.argument("sign_in_name")
@operator_option
@reason_option
def enable(sign_in_name: str, operator: str, reason: str) -> None:
    """Reopen a closed account with more than 申报人."""
    after = {"state": OPEN}
    perform(actions.ENABLE, _key(sign_in_name), after, operator=operator, reason=reason)


@release.command("create-admin")
@click.argument("sign_in_name")
@click.option("--name", required=True, help="Name as shown.")
@click.option("--kind", required=True, type=click.Choice(ADMIN_ROLES))
@operator_option
@reason_option
def create_admin(sign_in_name: str, name: str, kind: str, operator: str, reason: str) -> None:
    """Create an administrator's account; print a first password."""
    key = sign_in_name.strip().lower()
    after = {"sign_in_name": key, "name": name, "kind": kind}
    _with_slip(actions.CREATE_ADMIN, key, after, operator, reason)
