"""Huey: storage in SQLite on one machine, in Redis when configured; one queue per lane."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask
from huey import Huey, RedisHuey, crontab
from huey.consumer import Consumer

from lab.audit.suspension import AuditSuspended
from lab.config.settings import Settings, SettingsError
from lab.db import reject_network_folder
from lab.db.connection.startup import DatabaseUnavailable
from lab.extensions import db
from lab.feature import registry
from lab.jobs import service
from lab.jobs.models import LANES, WORK
from lab.jobs.storage import QueueStorage

log = logging.getLogger("lab.worker")
LONGEST_PAUSE = 60  # seconds between two tries of the first catch-up
QUEUE_NAMES = {lane: "lab" if lane == WORK else f"lab-{lane}" for lane in LANES}


class Queues:
    """The queues of an app by lane; each has its own thread in a worker."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self._app = app
        self._filling = threading.Lock()
        self._file_was_lost = False
        self._lanes: dict[str, Any] = {}
        self._run_job: dict[str, Any] = {}
        for lane in LANES:
            self._lanes[lane] = self._make(QUEUE_NAMES[lane], settings)
            self._add_tasks(lane)
            service.on_wake(app, self._run_job[lane], lane)
        if self._file_was_lost:
            self.refill()

    def _make(self, name: str, settings: Settings) -> Any:
        if settings.redis_url:
            return RedisHuey(name, url=settings.redis_url, results=False)
        reject_network_folder(settings.queue_dir)
        filename = str(settings.queue_dir / "queue.db")
        return Huey(
            name, results=False, storage_class=QueueStorage, filename=filename, refill=self.refill
        )

    def _add_tasks(self, lane: str) -> None:
        queue, app = self._lanes[lane], self._app

        @queue.task(name="run_job")  # type: ignore[untyped-decorator]
        def run_job(key: str) -> None:
            with app.app_context():
                service.run_job(key)

        @queue.periodic_task(crontab(minute="*"), name="sweep")  # type: ignore[untyped-decorator]
        def run_minute_tasks() -> None:
            with app.app_context():
                run_lane(lane)

        self._run_job[lane] = run_job

    def refill(self) -> None:
        """Put due jobs into the queues again, from the rows; after a queue file was lost."""
        if len(self._run_job) < len(LANES):  # found while the queues are being made
            self._file_was_lost = True
            return
        if not self._filling.acquire(blocking=False):
            return
        try:
            with self._app.app_context():
                for lane, run_job in self._run_job.items():
                    for key in service.due_keys(lane):
                        run_job(key)
        except Exception:  # the run of every minute finds the rows all the same
            log.exception("the queue could not be filled again")
        finally:
            self._filling.release()

    def close(self) -> None:
        """Close the queue's file."""
        for queue in self._lanes.values():
            queue.storage.close()

    def consume(self) -> None:
        """Work through all lanes until SIGINT or SIGTERM."""
        others = [self._consumer(_Quiet, lane) for lane in LANES if lane != WORK]
        for other in others:
            threading.Thread(target=other.run, daemon=True).start()
        self._consumer(Consumer, WORK).run()
        for other in others:
            other.stop()

    def _consumer(self, kind: type[Consumer], lane: str) -> Consumer:
        queue = self._lanes[lane]
        consumer = kind(
            queue,
            workers=1,
            worker_type="thread",
            periodic=True,
            initial_delay=0.05,
            max_delay=0.5,
        )

        @queue.on_startup(name="catch_up")  # type: ignore[untyped-decorator]
        def catch_up() -> None:
            with self._app.app_context():
                retry_until_done(lambda: _run_due(lane), consumer.stop_flag.wait)
            log.info("worker ready", extra={"lane": lane})

        return consumer


class _Quiet(Consumer):  # type: ignore[misc]
    """A second consumer, which leaves signal handling to the first."""

    def _set_signal_handlers(self) -> None:
        pass


def retry_until_done(work: Callable[[], Any], pause: Callable[[float], bool]) -> None:
    """Retry `work` until it succeeds, with pauses growing from 1 to 60 seconds.

    `pause` waits so many seconds and returns whether to give up. Raises SettingsError when retrying
    is useless.
    """
    seconds = 1
    while True:
        try:
            work()
            return
        except Exception as error:
            _log_retry(error, seconds)
        if pause(seconds):
            return
        seconds = min(2 * seconds, LONGEST_PAUSE)


def _log_retry(error: Exception, seconds: int) -> None:
    is_settings_error = isinstance(error, SettingsError)
    if is_settings_error and not (isinstance(error, DatabaseUnavailable) and error.transient):
        raise error
    log.error(
        "the database cannot be used yet",
        extra={
            "again_in": seconds,
            "cause": str(error) if is_settings_error else type(error).__name__,
        },
        exc_info=None if is_settings_error else error,
    )


def _run_due(lane: str) -> None:
    try:
        service.clamp_to_now()
        service.run_due(lane)
    finally:
        db.session.remove()


def run_lane(lane: str) -> None:
    """Run what is due on a lane, then its minute tasks; a failing one does not stop the others."""
    due = ("jobs", lambda: _run_due(lane))
    tasks = ((task.name, task.run) for task in registry().minute_tasks if task.lane == lane)
    run_each((due, *tasks))


def run_each(tasks: Iterable[tuple[str, Callable[[], Any]]]) -> None:
    """Run named tasks in turn; a failure is logged under the task's name."""
    for name, task in tasks:
        try:
            task()
        except AuditSuspended:  # said once, when it was found
            log.debug("a minute task waits for the audit key", extra={"task": name})
        except Exception:
            log.exception("a minute task failed", extra={"task": name})
        finally:
            db.session.remove()
