"""The server is killed without warning, thirty times: what it has acknowledged is there.

Every tenth time all of it, as it started; else the process in it that answers, which alone holds
the database, and the server puts another in its place.
"""

from __future__ import annotations

import http.client
import os
import random
import signal
import threading
import time

from flask import Flask
from sqlalchemy import select

from lab.audit.check import verify_chain
from lab.audit.models import AuditEvent
from lab.calls.models.call import Call
from lab.extensions import db
from steps.processes import descendants
from tests.support.builders.calls import FORM
from tests.support.servers.forking import ForkedProcess, ForkServer
from tests.support.servers.portal_server import Browser, Place, prepare

SERVERS, KILLS, WRITERS = 3, 10, 3


class Writers:
    """Several people who make calls without pause; what was acknowledged is kept."""

    def __init__(self, place: Place) -> None:
        self.acknowledged: dict[str, str] = {}
        self.first = threading.Event()
        self._stop = threading.Event()
        self._numbers = iter(range(1, 100_000))
        self._lock = threading.Lock()
        self._browsers = [Browser(place, place.cast.office) for _ in range(WRITERS)]

    def work(self, seconds_after_first: float) -> None:
        """Let all write until so long after the first acknowledgment; `stop` joins them."""
        self.first.clear()
        self._stop.clear()
        self._threads = [
            threading.Thread(target=self._write, args=(browser,)) for browser in self._browsers
        ]
        for thread in self._threads:
            thread.start()
        assert self.first.wait(240), "the server did not answer"
        time.sleep(seconds_after_first)

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()
        for browser in self._browsers:
            browser.close()

    def _write(self, browser: Browser) -> None:
        while not self._stop.is_set():
            with self._lock:
                number = next(self._numbers)
            try:
                self._one(browser, number)
            except (OSError, http.client.HTTPException):
                time.sleep(0.02)

    def _one(self, browser: Browser, number: int) -> None:
        title = f"第{number}次征集"
        year, batch = 2000 + number // 99, 1 + number % 99
        values = {**FORM, "year": str(year), "batch": str(batch), "title": title}
        status, where = browser.post("/calls/new", values)
        assert status == 303, status
        self.acknowledged[where.split("/")[2]] = title
        self.first.set()


def check(place: Place, acknowledged: dict[str, str]) -> None:
    """Everything acknowledged is stored with its audit line, and the chain is sound."""
    with place.app.app_context():
        stored = {key: title for key, title in db.session.execute(select(Call.key, Call.title))}
        lines = set(
            db.session.scalars(
                select(AuditEvent.object_key).where(AuditEvent.action == "call.create")
            )
        )
        lost = {key for key, title in acknowledged.items() if stored.get(key) != title}
        assert not lost, f"{len(lost)} of {len(acknowledged)} acknowledged writes lost"
        assert stored.keys() == lines, "a call without its line or a line without its call"
        report = verify_chain()
        assert report.is_intact, report.finding
    place.release()


def start_web(server: ForkServer, place: Place) -> ForkedProcess:
    """Start the portal's web server, loaded before it forks as by bin/serve."""
    return server.start("gunicorn", "--preload", "app:app", environ=place.environment)


def kill_all(web: ForkedProcess) -> None:
    web.kill()
    web.wait()


def kill_answering(web: ForkedProcess) -> None:
    """Kill the process of the web server that answers requests; another follows."""
    for answering in descendants(web.pid):
        os.kill(answering, signal.SIGKILL)


def test_thirty_kills_lose_nothing_that_was_acknowledged(
    sqlite_app: Flask, fork_server: ForkServer
) -> None:
    place = prepare(sqlite_app)
    writers, rng = Writers(place), random.Random(2022)
    place.release()
    for _ in range(SERVERS):
        web = start_web(fork_server, place)
        try:
            for kill in [kill_answering] * (KILLS - 1) + [kill_all]:
                before = len(writers.acknowledged)
                try:
                    writers.work(rng.uniform(0, 0.4))
                finally:
                    kill(web)
                    writers.stop()
                assert len(writers.acknowledged) > before
                check(place, writers.acknowledged)
        finally:
            kill_all(web)
    assert len(writers.acknowledged) >= 2 * SERVERS * KILLS, "too few writes to prove anything"
