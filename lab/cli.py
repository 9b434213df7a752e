"""Commands: `flask --app app …`. Each runs in the mode of a writing transaction."""

from __future__ import annotations

import click
from flask import Flask
from flask.cli import AppGroup

from lab import audit
from lab.errors import Refused
from lab.extensions import db

accounts = AppGroup("accounts", help="Make and manage accounts.")
audit_group = AppGroup("audit", help="Check the audit chain.")


@audit_group.command("verify")
def audit_verify() -> None:
    """Check every row of the audit chain; names the first bad one and exits with 1."""
    from lab.audit.service import verify_chain

    report = verify_chain()
    if report.sound:
        click.echo(f"审计日志完好：共 {report.rows} 条，末条校验码 {report.head[:16]}。")
        return
    assert report.finding is not None
    click.echo(f"审计日志有问题：{report.finding.sentence}", err=True)
    raise SystemExit(1)


@accounts.command("create")
@click.argument("sign_in_name")
@click.option("--name", required=True, help="Name as shown.")
@click.option("--unit", default="", help="Name of the unit; needed for kind staff.")
@click.option(
    "--kind", type=click.Choice(["staff", "system", "security", "audit"]), default="staff"
)
@click.option(
    "--role",
    "roles",
    multiple=True,
    type=click.Choice(["applicant", "reviewer", "office", "leading"]),
)
@click.password_option(help="First password; to be changed at the first sign-in.")
def create_account(
    sign_in_name: str, name: str, unit: str, kind: str, roles: tuple[str, ...], password: str
) -> None:
    """Make an account (the first administrators of a new installation come this way)."""
    from lab.identity.queries import unit_id_by_name
    from lab.identity.service import create_person, prepare_password

    try:
        hashed = prepare_password(sign_in_name, password)
        unit_id = unit_id_by_name(unit) if unit else None
        create_person(
            sign_in_name=sign_in_name,
            name=name,
            unit_id=unit_id,
            kind=kind,
            hashed=hashed,
            roles=roles,
        )
        db.session.commit()
    except Refused as error:
        raise click.ClickException(error.sentence) from error
    click.echo(f"已建立账号 {sign_in_name}。")


@accounts.command("unit")
@click.argument("name")
@click.option("--side", type=click.Choice(["post", "bank"]), required=True)
@click.option("--parent", default="", help="Name of the unit above.")
def create_unit(name: str, side: str, parent: str) -> None:
    """Add a unit."""
    from lab.identity.queries import unit_id_by_name
    from lab.identity.service import create_unit as create

    try:
        create(name, side, unit_id_by_name(parent) if parent else None)
        db.session.commit()
    except Refused as error:
        raise click.ClickException(error.sentence) from error
    click.echo(f"已建立单位 {name}。")


def init(app: Flask) -> None:
    """Register the command groups."""
    assert audit.record
    for group in (accounts, audit_group):
        app.cli.add_command(group)
    from lab.data.commands import data

    app.cli.add_command(data)
