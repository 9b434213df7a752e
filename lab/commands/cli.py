"""Define the commands of `flask --app app …`. Each runs in a writing transaction."""

from __future__ import annotations

import json
from typing import Any, BinaryIO

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from sqlalchemy import inspect

from lab.audit.check import format_head, parse_head, verify_chain
from lab.audit.service import begin_chain
from lab.canonical import fingerprint
from lab.commands import generated_docs
from lab.db.connection.startup import install_excepthook
from lab.demo.people import PASSWORD, listing
from lab.extensions import db
from lab.filesystem import ROOT
from lab.identity.core.queries import demonstration_people, unit_id_by_name
from lab.identity.passwords.service import prepare_password
from lab.identity.people.service import create_person, disable
from lab.identity.units.service import create_unit
from lab.proposals.search.index import rebuild
from lab.rejected import Rejected

accounts = AppGroup("accounts", help="Make and manage accounts.")
audit_group = AppGroup("audit", help="Check the audit chain.")


proposal_group = AppGroup("proposal", help="Check what was handed in.")
search_group = AppGroup("search", help="The index of the search.")
docs = AppGroup("docs", help="Pages of docs/ that are written from the code.")


@docs.command("write")
def docs_write() -> None:
    """Regenerate docs/permissions.md and docs/settings.md."""
    changed = generated_docs.write(ROOT / "docs")
    click.echo(f"已更新：{'、'.join(changed)}。" if changed else "文档与代码一致，未作改动。")


@proposal_group.command("fingerprint", with_appcontext=False)
@click.argument("file", type=click.File("rb"))
def proposal_fingerprint(file: BinaryIO) -> None:
    """Print the fingerprint of an exported proposal (JSON). Reads the file only, no database."""
    try:
        digest = fingerprint(json.loads(file.read().decode("utf-8-sig")))
    except (ValueError, TypeError, RecursionError) as error:
        raise click.ClickException("这不是导出的申报内容（JSON文件）。") from error
    click.echo(digest)


@search_group.command("rebuild")
def search_rebuild() -> None:
    """Rebuild the search index from the proposals; the portal may stay online."""
    click.echo(f"已重建{rebuild()}份申报书的检索内容。")


@audit_group.command("verify")
@click.option(
    "--head", "head_text", default="", help="Head printed in a report: 57:5d1f09ab12cd34ef."
)
@click.option("--old-key", is_flag=True, help="Ask for the keys of earlier segments of the chain.")
def audit_verify(head_text: str, old_key: bool) -> None:
    """Verify every row of the audit chain; name the first broken one and exit with 1."""
    _need_tables()
    try:
        printed = parse_head(head_text) if head_text else None
    except ValueError as error:
        raise click.ClickException("链头应如 57:5d1f09ab12cd34ef，请照报告抄写。") from error
    report = verify_chain(old_keys=_old_keys() if old_key else (), printed=printed)
    for note in report.notes:
        click.echo(f"说明：{note}")
    if report.finding is None:
        head = format_head(report.rows, report.head)
        matches = "，与报告所印链头相符" if printed else ""
        click.echo(f"审计日志完好：共 {report.rows} 条，链头 {head}{matches}。")
        return
    click.echo(f"审计日志有问题：{report.finding.message}", err=True)
    raise SystemExit(1)


def _old_keys() -> list[str]:
    """Prompt for old keys, one by one and without echo, until an empty line."""
    keys: list[str] = []
    while key := click.prompt(
        "旧审计密钥（输完直接回车）", default="", hide_input=True, show_default=False
    ):
        keys.append(key.strip())
    return keys


@audit_group.command("begin-chain")
@click.option("--operator", prompt="操作人姓名", help="Who does this; it stands in the chain.")
@click.confirmation_option(
    prompt="将以现在的 LAB_AUDIT_KEY 启用新的审计链，此前的记录原样封存。确定吗？"
)
def audit_begin_chain(operator: str) -> None:
    """Begin a new segment of the audit chain with the present key, linked to the rows before it."""
    if not (operator := operator.strip()) or len(operator) > 40:
        raise click.ClickException("请写操作人姓名，最多40字。")
    _need_tables()
    seq, code = begin_chain(operator)
    click.echo(
        f"已启用新的审计链，自第 {seq} 条起，链头 {format_head(seq, code)}。门户可以照常办理。"
    )


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
    """Create an account (how the first administrators of a new installation are made)."""
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
    except Rejected as error:
        raise click.ClickException(error.message) from error
    click.echo(f"已建立账号 {sign_in_name}。")


@accounts.command("demo-list")
def list_demo_accounts() -> None:
    """Print the demonstration accounts and their password; nothing in production."""
    if current_app.config["SETTINGS"].production or not (rows := listing()):
        return
    click.echo(f"演示账号（密码均为 {PASSWORD}）：")
    for sign_in_name, name, roles in rows:
        click.echo(f"  {sign_in_name:<16} {name}　{roles}")


@accounts.command("unit")
@click.argument("name")
@click.option("--side", type=click.Choice(["post", "bank"]), required=True)
@click.option("--parent", default="", help="Name of the unit above.")
def add_unit(name: str, side: str, parent: str) -> None:
    """Add a unit."""
    try:
        create_unit(name, side, unit_id_by_name(parent) if parent else None)
        db.session.commit()
    except Rejected as error:
        raise click.ClickException(error.message) from error
    click.echo(f"已建立单位 {name}。")


@accounts.command("disable-demo")
def disable_demo() -> None:
    """Close every demonstration account; production mode does not start before."""
    people = demonstration_people()
    for person in people:
        disable(person)
    db.session.commit()
    click.echo(f"已停用 {len(people)} 个演示账号。")


def _report_rejections(group: click.Group) -> None:
    """Report rejections of these commands as one line instead of a traceback."""
    invoke = group.invoke

    def invoke_reporting_rejections(ctx: click.Context) -> Any:
        try:
            return invoke(ctx)
        except Rejected as error:
            raise click.ClickException(error.message) from error

    group.invoke = invoke_reporting_rejections  # type: ignore[method-assign]


def _need_tables() -> None:
    if not inspect(db.engine).has_table("audit_event"):
        raise click.ClickException(
            "数据库里还没有门户的数据，请核对 LAB_INSTANCE 和 LAB_DATABASE_URL。"
        )


def init(app: Flask) -> None:
    """Register the command groups."""
    if click.get_current_context(silent=True) is not None:
        install_excepthook()
    for group in (accounts, audit_group, docs, proposal_group, search_group):
        app.cli.add_command(group)
    for command in app.cli.commands.values():
        if isinstance(command, click.Group):
            _report_rejections(command)
