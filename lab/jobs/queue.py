"""Huey: storage in SQLite on one machine, in Redis when configured."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from huey import RedisHuey, SqliteHuey, crontab

from lab.config import Settings
from lab.jobs import service


def make_queue(app: Flask, settings: Settings) -> Any:
    """The Huey instance of this app; a new job's key is sent to it after the commit."""
    if settings.redis_url:
        queue = RedisHuey("lab", url=settings.redis_url, results=False)
    else:
        queue = SqliteHuey(
            "lab", filename=str(Path(settings.instance) / "queue.db"), results=False, fsync=True
        )

    @queue.task(name="run_job")  # type: ignore[untyped-decorator]
    def run_job(key: str) -> None:
        with app.app_context():
            service.run(key)

    @queue.periodic_task(crontab(minute="*"), name="sweep")  # type: ignore[untyped-decorator]
    def sweep() -> None:
        with app.app_context():
            service.run_due()
            for task in _every_minute:
                task()

    service.on_wake(app, lambda key: run_job(key))
    return queue


_every_minute: list[Callable[[], None]] = []


def every_minute(task: Callable[[], None]) -> None:
    """Register a short task for the sweep; it opens and commits its own transactions."""
    if task not in _every_minute:
        _every_minute.append(task)


def minute_tasks() -> tuple[Callable[[], None], ...]:
    """The registered tasks, for tests that move the clock."""
    return tuple(_every_minute)
