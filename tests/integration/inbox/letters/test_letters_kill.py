"""The worker is killed while it talks to the mail server: never twice by itself, nothing lost."""

from __future__ import annotations

import os
import signal
import subprocess
from datetime import timedelta

import pytest
from flask import Flask

from lab import clock
from lab.extensions import db
from lab.filesystem import ROOT
from lab.inbox.mail import due_mails
from lab.jobs import service as jobs
from tests.support.builders.letters import rows, send_again, sent, set_mail
from tests.support.servers.mail_server import Post, mail_server
from tests.support.servers.portal_server import PYTHON, Place, prepare

WORK = """
from app import app
from lab.jobs import service
with app.app_context():
    service.run_due()
"""


def start_worker(place: Place, port: int) -> subprocess.Popen[bytes]:
    """A process of its own that does the work that is due."""
    mail = {
        "LAB_SMTP_HOST": "127.0.0.1",
        "LAB_SMTP_PORT": str(port),
        "LAB_SMTP_FROM": "lab@lab.test",
        "LAB_BASE_URL": "https://portal.lab.test",
    }
    return subprocess.Popen(
        [PYTHON, "-c", WORK], cwd=ROOT, env={**place.environment, **mail}, stderr=subprocess.DEVNULL
    )


def killed_while_it_stalls(app: Flask, place: Place, post: Post, port: int) -> int:
    """The number of a letter whose mail was under way when the worker was killed."""
    set_mail(app, port)
    with app.app_context():
        number = sent(place.cast)
    place.release()
    worker = start_worker(place, port)
    try:
        assert post.stalled.wait(60), "the worker did not reach the server"
    finally:
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
    return number


@pytest.mark.parametrize("step", ["rcpt", "text"])
def test_a_killed_worker_loses_no_mail_and_none_goes_twice(sqlite_app: Flask, step: str) -> None:
    jobs.on_wake(sqlite_app, lambda _: None)
    place = prepare(sqlite_app)
    with mail_server() as (post, port):
        setattr(post, step, ["stall"])
        number = killed_while_it_stalls(sqlite_app, place, post, port)
        with sqlite_app.app_context():
            assert [row.status for row in rows(number)] == ["sending"]
            jobs.run_due()
            due_mails.run_due_deliveries()
            assert [row.status for row in rows(number)] == ["sending"]
            for minutes in (6, 60, 600):
                with clock.freeze(clock.now() + timedelta(minutes=minutes)):
                    jobs.run_due()
                    due_mails.run_due_deliveries()
            ends, taken = ("delivered", 1) if step == "rcpt" else ("unclear", 0)
            assert ([row.status for row in rows(number)], len(post.taken)) == ([ends], taken)
            if step == "text":
                send_again(number)
                jobs.run_due()
                assert [row.status for row in rows(number)] == ["delivered"]
            assert len(post.taken) == 1
            db.session.remove()
