"""Commands `flask --app app backup …` and `flask --app app restore …`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click
from flask.cli import with_appcontext

from lab import clock
from lab.backup import restoring, service
from lab.backup.rules.manifest import BackupError


@click.command("backup")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@with_appcontext
def backup(folder: Path) -> None:
    """Make a backup in a new folder inside FOLDER; people may keep writing."""
    try:
        result = service.back_up(folder)
    except BackupError as error:
        raise click.ClickException(str(error)) from error
    manifest = result.manifest
    click.echo(
        f"已备份到 {result.folder}：{len(manifest.tables)}张表、{len(manifest.files)}个文件，"
        f"共{manifest.size / 1024 / 1024:.1f} MB，用时{result.seconds:.1f}秒。\n"
        f"审计日志到第{manifest.head_seq}条，校验码 {manifest.head_mac[:16]}。"
    )
    if manifest.missing:
        click.echo(f"以下文件在备份前已缺失或被改动：{'、'.join(manifest.missing)}。", err=True)
        raise SystemExit(3)


@click.command("restore")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False, exists=True))
@with_appcontext
def restore(folder: Path) -> None:
    """Restore the backup in FOLDER into the empty place given by the settings."""
    try:
        done = restoring.restore(folder)
    except BackupError as error:
        raise click.ClickException(str(error)) from error
    manifest = done.manifest
    rows = sum(table.rows for table in manifest.tables.values())
    click.echo(
        f"已恢复{clock.cn_datetime(datetime.fromisoformat(manifest.made_at))}的备份：{len(manifest.tables)}张表（{rows}行）、"
        f"{len(manifest.files)}个文件，逐项核对一致。所有人须重新登录。"
    )
    if done.mails_in_doubt:
        click.echo(f"有{done.mails_in_doubt}封邮件备份时尚未发出，已标为“结果不明”，请办公室核对。")
    if done.chain.finding:
        click.echo(f"审计日志有问题：{done.chain.finding.message}", err=True)
        raise SystemExit(1)
    click.echo(f"审计日志完好：共{done.chain.rows}条。")
