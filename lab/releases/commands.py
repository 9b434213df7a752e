"""Commands `flask --app app release …`, for when nobody in the portal may release a request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy import select

from lab import clock
from lab.extensions import db
from lab.rejected import Rejected
from lab.releases import registry
from lab.releases.access import find_release
from lab.releases.models import Release
from lab.releases.registry import Facts
from lab.releases.requests import service as requests_service
from lab.releases.rules.lifecycle import ReleaseStatus
from lab.workdays.queries import due_note
from lab.workflow import TransitionRejected

release = AppGroup("release", help="Two-person actions, carried out by the server's operator.")
Command = Callable[..., Any]


def _name(_context: Any, _option: Any, value: str) -> str:
    value = value.strip()
    if not 2 <= len(value) <= 40:
        raise click.BadParameter("请填写操作人姓名，2至40个字。")
    return value


def operator_option(command: Command) -> Command:
    """Prompt for the operator's name, which is audited."""
    return click.option("--operator", prompt="操作人姓名", callback=_name)(command)


def reason_option(command: Command) -> Command:
    """Prompt for the reason, which is stored with the action."""
    return click.option("--reason", prompt="理由")(command)


def perform(code: str, key: str, after: Facts, *, operator: str, reason: str) -> Release:
    """Carry an action out and commit. A rejection ends the command with its message."""
    try:
        if not reason.strip():
            raise Rejected("请填写理由。")
        row = requests_service.carry_out_by_operator(
            code, key, after, operator=operator, reason=reason.strip()
        )
        db.session.commit()
    except (Rejected, TransitionRejected) as error:
        raise click.ClickException(error.message) from error
    click.echo(
        f"已办理：{registry.find_action(code).label}（{row.object_name}），操作人{operator}。"
    )
    return row


@release.command("list")
def list_waiting() -> None:
    """Print the pending requests."""
    rows = db.session.scalars(
        select(Release).where(Release.status == ReleaseStatus.PENDING).order_by(Release.due_at)
    )
    lines = [
        f"{row.key}  {registry.find_action(row.action_code).label}（{row.object_name}）"
        f"  申请人：{row.asked_by.name if row.asked_by else row.operator}"
        f"  期限：{clock.cn_datetime(row.due_at)}"
        f"{due_note(row.due_at)}"
        for row in rows
    ]
    click.echo("\n".join(lines) or "没有等待复核的申请。")


@release.command("carry-out")
@click.argument("key")
@operator_option
def carry_out(key: str, operator: str) -> None:
    """Carry out a pending request when nobody in the portal may release it."""
    row = find_release(key)
    if row is None:
        raise click.ClickException(f"没有编号为“{key}”的申请。")
    try:
        requests_service.release_by_operator(row, operator)
        db.session.commit()
    except (Rejected, TransitionRejected) as error:
        raise click.ClickException(error.message) from error
    click.echo(
        f"已办理：{registry.find_action(row.action_code).label}（{row.object_name}），操作人{operator}。"
    )
