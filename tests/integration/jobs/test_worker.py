"""The worker goes on: without a database, beside failing tasks, and with a hanging mail server."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

import pysqlite3.dbapi2 as pysqlite3
import pytest
from flask import Flask
from sqlalchemy import select

from lab.extensions import db
from lab.inbox.mail.smtp import STEP_SECONDS
from lab.jobs import service as jobs
from lab.jobs.models import Job
from lab.jobs.queue import retry_until_done, run_each
from lab.proposals.search import similar
from tests.support.builders.letters import rows, sent, set_mail
from tests.support.servers.forking import ForkServer
from tests.support.servers.mail_server import mail_server
from tests.support.servers.portal_server import Place, prepare
from tests.support.servers.worker_process import wait_until, worker


def failing() -> None:
    raise OSError("the disk is full")


def test_a_failing_minute_task_ends_no_other_and_is_named(
    ctx: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    done: list[str] = []
    tasks: list[tuple[str, Callable[[], None]]] = [
        ("first", lambda: done.append("first")),
        ("bad", failing),
        ("last", lambda: done.append("last")),
    ]
    with caplog.at_level(logging.ERROR, "lab.worker"):
        run_each(tasks)
    assert done == ["first", "last"]
    (line,) = caplog.records
    assert (line.getMessage(), line.task) == ("a minute task failed", "bad")


def test_the_catch_up_is_tried_again_with_growing_pauses(ctx: Flask) -> None:
    pauses: list[float] = []
    left = [failing] * 9

    def work() -> None:
        if left:
            left.pop()()

    def pause(seconds: float) -> bool:
        pauses.append(seconds)
        return False

    retry_until_done(work, pause)
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_the_catch_up_ends_when_the_worker_is_asked_to(ctx: Flask) -> None:
    pauses: list[float] = []

    def pause(seconds: float) -> bool:
        pauses.append(seconds)
        return True

    retry_until_done(failing, pause)
    assert pauses == [1]


def test_a_worker_waits_for_a_database_that_is_not_ready(
    sqlite_app: Flask, fork_server: ForkServer
) -> None:
    jobs.on_wake(sqlite_app, lambda _: None)
    place = prepare(sqlite_app)
    key = ask_for_work(place)
    execute(place, "ALTER TABLE job RENAME TO job_not_yet")
    with worker(fork_server, place) as process:
        process.wait_for("the database cannot be used yet", 2)
        execute(place, "ALTER TABLE job_not_yet RENAME TO job")
        process.wait_for("worker ready", 2)
        assert process.process.poll() is None
        wait_until(lambda: state(place, key) == "done")


def ask_for_work(place: Place) -> str:
    """A job that needs no more than a proposal that is not there."""
    with place.app.app_context():
        job = jobs.enqueue(similar.JOB, {"proposal": 0})
        db.session.commit()
        key = job.key
        db.session.remove()
    place.release()
    return key


def execute(place: Place, statement: str) -> None:
    connection = pysqlite3.connect(place.database)
    connection.execute(statement)
    connection.close()


def state(place: Place, key: str) -> str | None:
    with place.app.app_context():
        found = db.session.scalar(select(Job.state).where(Job.key == key))
        db.session.remove()
    return found


def test_a_hanging_mail_server_delays_no_other_work(
    sqlite_app: Flask, fork_server: ForkServer
) -> None:
    jobs.on_wake(sqlite_app, lambda _: None)
    place = prepare(sqlite_app)
    with mail_server() as (post, port):
        post.rcpt = ["stall"] * 6
        set_mail(sqlite_app, port)
        with sqlite_app.app_context():
            letters = [sent(place.cast) for _ in range(6)]
            db.session.remove()
        key = ask_for_work(place)
        mail = {
            "LAB_SMTP_HOST": "127.0.0.1",
            "LAB_SMTP_PORT": str(port),
            "LAB_SMTP_FROM": "lab@lab.test",
            "LAB_BASE_URL": "https://portal.lab.test",
        }
        with worker(fork_server, place, **mail) as process:
            wait_until(lambda: state(place, key) == "done")
            wait_until(post.stalled.is_set)
            assert process.process.poll() is None
        waited = finished(place, key) - first_call(place, letters)
    assert waited.total_seconds() < STEP_SECONDS, "the job waited for the mail server"


def finished(place: Place, key: str) -> datetime:
    with place.app.app_context():
        moment = db.session.scalar(select(Job.finished_at).where(Job.key == key))
        db.session.remove()
    assert moment is not None
    return moment


def first_call(place: Place, letters: list[int]) -> datetime:
    """When the mail server was first called."""
    with place.app.app_context():
        claims = [row.claimed_at for letter in letters for row in rows(letter) if row.claimed_at]
        db.session.remove()
    return min(claims)
