"""Checks of every installation: database, worker, disk, jobs, nodes."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

from flask import current_app, g
from sqlalchemy import func, select

from lab import clock
from lab.config.settings import Settings
from lab.db import reading
from lab.feature.status import DANGER, OK, WARNING, StatusCheck, StatusLine
from lab.jobs.models import Job, JobState
from lab.nodes import service as nodes
from lab.nodes.identity import this_node
from lab.nodes.rules import WEB, WORKER, Node
from lab.nodes.service import TimedProcess

MB = 1024 * 1024
FULL_MB, LOW_MB = 256, 2048  # nothing can be saved soon; room for some days
NODES_ADVICE = "请停用多余的节点，或按部署说明共用数据文件夹。"
WAITING_TOO_LONG = timedelta(minutes=15)
FAILED_WITHIN = timedelta(days=7)


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


def _seen() -> list[TimedProcess]:
    """Return the heartbeats, read once for all checks.

    So an absent database is waited for once.
    """
    if "heartbeats" not in g:
        try:
            with reading() as session:
                g.heartbeats = nodes.seen_processes(session)
        except Exception as error:
            g.heartbeats = error
    if isinstance(g.heartbeats, Exception):
        raise g.heartbeats
    heartbeats: list[TimedProcess] = g.heartbeats
    return heartbeats


def database() -> StatusLine:
    """Check that the database answers and accepts this node's writes."""
    own = this_node(_settings().instance)
    beats = [entry for entry in _seen() if _is(entry, own) and entry.kind == WEB]
    if beats and not beats[0].is_running:
        text = "数据库可以读取，但两分钟内没有写成功。"
        return StatusLine("database", "数据库", DANGER, text, "请检查磁盘空间和数据库是否只读。")
    return StatusLine("database", "数据库", OK, "读写正常。")


def _is(entry: TimedProcess, own: Node) -> bool:
    return (entry.node.number, entry.node.host) == (own.number, own.host)


def worker() -> StatusLine:
    """Check that a worker, on any machine, was seen in the last two minutes."""
    title = "后台服务"
    advice = "PDF、提醒和邮件暂停办理。请检查后台服务（lab-worker）是否在运行。"
    workers = [entry for entry in _seen() if entry.kind == WORKER]
    last = min(workers, key=lambda entry: abs(entry.seconds), default=None)
    if last is None:
        return StatusLine("worker", title, DANGER, "还没有运行过。", advice)
    age = max(0, int(last.seconds))
    figures = {"age_seconds": age}
    if not last.is_running:
        return StatusLine(
            "worker", title, DANGER, f"{_format_age(age)}后没有再出现。", advice, figures
        )
    return StatusLine("worker", title, OK, f"运行正常，{age}秒前出现过。", "", figures)


def _format_age(seconds: int) -> str:
    for size, unit in ((86400, "天"), (3600, "小时"), (60, "分钟")):
        if seconds >= size:
            return f"{seconds // size}{unit}前"
    return f"{seconds}秒前"


def disk() -> StatusLine:
    """Check the free space where the portal writes, on the fullest of its disks."""
    free = min(shutil.disk_usage(folder).free for folder in _folders()) // MB
    tone = DANGER if free < FULL_MB else WARNING if free < LOW_MB else OK
    text = f"{free / 1024:.1f} GB" if free >= 1024 else f"{free} MB"
    advice = "" if tone == OK else "请清理磁盘或扩容，空间用完后不能保存。"
    return StatusLine("disk", "磁盘空间", tone, f"可用{text}。", advice, {"free_mb": free})


def _folders() -> set[Path]:
    settings = _settings()
    folders = {settings.instance, settings.queue_dir}
    if settings.sqlite_file is not None:
        folders.add(settings.sqlite_file.parent)
    return folders


def jobs() -> StatusLine:
    """Check for overdue jobs, and for jobs that failed for good in the last week."""
    _seen()
    now = clock.now()
    waiting = (Job.state == JobState.QUEUED) & (Job.due_at <= now)
    failed = (Job.state == JobState.FAILED) & (Job.finished_at > now - FAILED_WITHIN)
    with reading() as session:
        queued, oldest = session.execute(
            select(func.count(), func.min(Job.due_at)).where(waiting)
        ).one()
        lost = session.scalar(select(func.count()).select_from(Job).where(failed)) or 0
    late = queued > 0 and now - oldest > WAITING_TOO_LONG
    advice = "等待超过15分钟，请检查后台服务。" if late else ""
    if lost:
        advice += "失败的原因见运行日志。"
    return StatusLine(
        "jobs",
        "后台任务",
        WARNING if late or lost else OK,
        f"等待办理{queued}项，近7天失败{lost}项。",
        advice,
        {"waiting": queued, "failed": lost},
    )


def machines() -> StatusLine:
    """Report which machines run the portal now, and whether they share one instance folder."""
    settings, heartbeats = _settings(), _seen()
    running = {entry.node.host for entry in heartbeats if entry.is_running}
    figures = {"running": len(running)}
    own = this_node(settings.instance)
    if wrong := nodes.conflict_with_others(
        heartbeats, own, settings.instance, shared=settings.shared_instance
    ):
        reason, host = wrong
        return StatusLine("nodes", "节点", DANGER, reason.message(host), NODES_ADVICE, figures)
    names = "、".join(sorted(running))
    text = f"运行中{len(running)}个：{names}。" if running else "尚无记录。"
    return StatusLine("nodes", "节点", OK, text, "", figures)


ALL = (
    StatusCheck("database", "数据库", database),
    StatusCheck("worker", "后台服务", worker),
    StatusCheck("disk", "磁盘空间", disk),
    StatusCheck("jobs", "后台任务", jobs),
    StatusCheck("nodes", "节点", machines),
)
