"""The daily backup: begun by the worker, in a thread of its own so that nothing waits for it."""

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
from lab.filesystem import alone
from lab.status import DANGER, OK, WARNING, StatusLine
from lab.web.pages.filters import format_size

log = logging.getLogger("lab.backup")
KEY, TITLE = "backup", "每日备份"
LOCK, FAILURE = ".lock", ".failure"


@dataclass(frozen=True)
class State:
    """How the daily backup stands: newest whole one (UTC) or None, its size in bytes, and when and
    why the last try failed, as long as no later one succeeded."""

    newest: datetime | None
    size: int
    failed_at: datetime | None
    failure: str


def state(place: Path) -> State:
    """Read from the folder itself, so that what it says is what is there."""
    moment, size = _newest_whole(place)
    failed_at, failure = _failure(place)
    if moment and failed_at and moment > failed_at:
        failed_at, failure = None, ""
    return State(moment, size, failed_at, failure)


def _newest_whole(place: Path) -> tuple[datetime | None, int]:
    """Moment and size of the newest backup with a list that can be read.

    One of the future was made while the clock was ahead: it must not hide those made since, or
    each minute would make another and the seven kept would be those of seven minutes.
    """
    now = clock.now()
    dated = [(name.split("-", 1)[1], name, schedule.moment_of(name)) for name in _names(place)]
    for _, name, moment in sorted(dated, reverse=True):
        if moment is not None and moment <= now:
            with contextlib.suppress(BackupError):
                return moment, manifest.read(place / name).size
    return None, 0


def check() -> StatusLine:
    """How old the newest daily backup is; yellow after 26 hours, red after 50 or with none."""
    place = settings().backup_dir
    if place is None:
        advice = "请服务器管理员设置备份目录（LAB_BACKUP_DIR）。"
        return StatusLine(KEY, TITLE, WARNING, "没有设置每日备份。", advice)
    found = state(place)
    advice = f"上次备份失败：{found.failure}" if found.failed_at else ""
    if found.newest is None:
        return StatusLine(KEY, TITLE, DANGER, "还没有备份。", advice or "后台服务运行后即开始。")
    age = max(timedelta(0), clock.now() - found.newest)
    tone = DANGER if age > schedule.TOO_LATE else OK
    tone = WARNING if tone == OK and (age > schedule.LATE or found.failed_at) else tone
    hours, size = int(age.total_seconds() // 3600), format_size(found.size)
    since = f"{hours}小时前" if hours else "不到1小时前"
    text = f"最近一次在{clock.cn_datetime(found.newest)}（{since}），{size}。"
    figures = {"age_seconds": int(age.total_seconds())}
    return StatusLine(KEY, TITLE, tone, text, advice, figures)


def _names(place: Path) -> list[str]:
    try:
        return [name for name in os.listdir(place) if schedule.moment_of(name)]
    except OSError:
        return []


def run_if_due() -> threading.Thread | None:
    """Begin today's backup unless it is there or another process makes it; for each minute."""
    place = settings().backup_dir
    if place is None:
        return None
    found = state(place)
    if not schedule.is_due(clock.now(), found.newest, found.failed_at):
        return None
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    thread = threading.Thread(target=_run, args=(app, place), name="backup", daemon=True)
    thread.start()
    return thread


def _run(app: Flask, place: Path) -> None:
    with app.app_context():
        try:
            with alone(place / LOCK) as nobody_else:
                if nobody_else:
                    _make(place)
        except Exception as error:
            log.exception("the daily backup failed")
            _note_failure(place, error)


def _make(place: Path) -> None:
    """Clear what a killed worker left, make the backup, then drop the oldest beyond seven."""
    for half in place.glob(f"{schedule.DAILY}-*{disk.PART}"):
        shutil.rmtree(half, ignore_errors=True)
    made = back_up(place, schedule.DAILY)
    (place / FAILURE).unlink(missing_ok=True)
    log.info("daily backup made", extra={"backup": made.folder.name, "bytes": made.manifest.size})
    for name in schedule.surplus(os.listdir(place)):
        shutil.rmtree(place / name, ignore_errors=True)


def _note_failure(place: Path, error: Exception) -> None:
    """Leave word for the administrators' page, which another process draws."""
    sentence = str(error) if isinstance(error, BackupError) else "备份没有完成，原因见日志。"
    try:
        (place / FAILURE).write_text(f"{clock.now().isoformat()}\n{sentence}\n", encoding="utf-8")
    except OSError:
        log.exception("the failure of the backup could not be noted")


def _failure(place: Path) -> tuple[datetime | None, str]:
    try:
        moment, _, sentence = (place / FAILURE).read_text(encoding="utf-8").partition("\n")
        return datetime.fromisoformat(moment), sentence.strip()
    except (OSError, ValueError):
        return None, ""
