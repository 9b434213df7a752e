"""The daily backup, started by the worker in a thread of its own so that nothing waits for it."""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from flask import Flask, current_app

from lab import clock
from lab.backup import disk
from lab.backup.rules import manifest, schedule
from lab.backup.rules.manifest import BackupError
from lab.backup.service import back_up, settings
from lab.feature.status import DANGER, OK, WARNING, StatusLine
from lab.filesystem import alone
from lab.web.filters import format_size

log = logging.getLogger("lab.backup")
KEY, TITLE = "backup", "每日备份"
LOCK, FAILURE = ".lock", ".failure"


@dataclass(frozen=True)
class BackupState:
    """State of the daily backups.

    The newest complete one (UTC) or None, its size in bytes, and the time and reason of the last
    failure unless a later attempt succeeded.
    """

    newest: datetime | None
    size: int
    failed_at: datetime | None
    failure: str


def backup_state(folder: Path) -> BackupState:
    """Read the state from the folder itself, so that it reflects what is there."""
    moment, size = _newest_complete(folder)
    failed_at, failure = _last_failure(folder)
    if moment and failed_at and moment > failed_at:
        failed_at, failure = None, ""
    return BackupState(moment, size, failed_at, failure)


def _newest_complete(folder: Path) -> tuple[datetime | None, int]:
    """Return time and size of the newest backup with a readable manifest.

    Ignores one dated in the future, made while the clock was ahead: it would hide later ones, and a
    backup would be made every minute.
    """
    now = clock.now()
    dated = [(name.split("-", 1)[1], name, schedule.moment_of(name)) for name in _names(folder)]
    for _, name, moment in sorted(dated, reverse=True):
        if moment is not None and moment <= now:
            with contextlib.suppress(BackupError):
                return moment, manifest.read(folder / name).size
    return None, 0


def check() -> StatusLine:
    """Report the age of the newest daily backup: yellow after 26 hours, red after 50 or none."""
    folder = settings().backup_dir
    if folder is None:
        advice = "请服务器管理员设置备份目录（LAB_BACKUP_DIR）。"
        return StatusLine(KEY, TITLE, WARNING, "没有设置每日备份。", advice)
    backups = backup_state(folder)
    advice = f"上次备份失败：{backups.failure}" if backups.failed_at else ""
    if backups.newest is None:
        return StatusLine(KEY, TITLE, DANGER, "还没有备份。", advice or "后台服务运行后即开始。")
    age = max(timedelta(0), clock.now() - backups.newest)
    tone = DANGER if age > schedule.OVERDUE_AFTER else OK
    tone = WARNING if tone == OK and (age > schedule.LATE_AFTER or backups.failed_at) else tone
    hours, size = int(age.total_seconds() // 3600), format_size(backups.size)
    since = f"{hours}小时前" if hours else "不到1小时前"
    text = f"最近一次在{clock.cn_datetime(backups.newest)}（{since}），{size}。"
    figures = {"age_seconds": int(age.total_seconds())}
    return StatusLine(KEY, TITLE, tone, text, advice, figures)


def _names(folder: Path) -> list[str]:
    try:
        return [name for name in os.listdir(folder) if schedule.moment_of(name)]
    except OSError:
        return []


def run_if_due() -> threading.Thread | None:
    """Start today's backup unless it exists or another process makes it; called every minute."""
    folder = settings().backup_dir
    if folder is None:
        return None
    backups = backup_state(folder)
    if not schedule.is_due(clock.now(), backups.newest, backups.failed_at):
        return None
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    thread = threading.Thread(target=_run, args=(app, folder), name="backup", daemon=True)
    thread.start()
    return thread


def _run(app: Flask, folder: Path) -> None:
    with app.app_context():
        try:
            with alone(folder / LOCK) as nobody_else:
                if nobody_else:
                    _make(folder)
        except Exception as error:
            log.exception("the daily backup failed")
            _record_failure(folder, error)


def _make(folder: Path) -> None:
    """Remove what a killed worker left, make the backup, then delete the oldest beyond seven."""
    for half in folder.glob(f"{schedule.DAILY}-*{disk.PART}"):
        shutil.rmtree(half, ignore_errors=True)
    result = back_up(folder, schedule.DAILY)
    (folder / FAILURE).unlink(missing_ok=True)
    log.info(
        "daily backup made", extra={"backup": result.folder.name, "bytes": result.manifest.size}
    )
    for name in schedule.surplus(os.listdir(folder)):
        shutil.rmtree(folder / name, ignore_errors=True)


def _record_failure(folder: Path, error: Exception) -> None:
    """Store the failure for the administrators' page, which another process renders."""
    message = str(error) if isinstance(error, BackupError) else "备份没有完成，原因见日志。"
    try:
        (folder / FAILURE).write_text(f"{clock.now().isoformat()}\n{message}\n", encoding="utf-8")
    except OSError:
        log.exception("the failure of the backup could not be noted")


def _last_failure(folder: Path) -> tuple[datetime | None, str]:
    try:
        moment, _, message = (folder / FAILURE).read_text(encoding="utf-8").partition("\n")
        return datetime.fromisoformat(moment), message.strip()
    except (OSError, ValueError):
        return None, ""
