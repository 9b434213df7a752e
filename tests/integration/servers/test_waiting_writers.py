"""Somebody holds the write lock and many want to write: who only reads is answered all the same."""

from __future__ import annotations

import http.client
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pysqlite3.dbapi2 as pysqlite3
import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from lab.config.settings import WAITING_WRITERS, WEB_THREADS
from lab.db import WRITER_LIMIT, FailureKind, classify, writing
from lab.extensions import db
from tests.support.builders.calls import FORM
from tests.support.servers.forking import ForkServer
from tests.support.servers.portal_server import Browser, Place, prepare
from tests.support.servers.worker_process import wait_until

WRITERS = 3 * WEB_THREADS
SOON = (
    8  # seconds: two of patience, and room for a busy machine; without a gate it takes 15 or more
)


@contextmanager
def served(fork_server: ForkServer, place: Place) -> Iterator[None]:
    """Gunicorn with one process on the test's instance folder and database."""
    url = place.app.config["SETTINGS"].database_url
    environ = {**place.environment, "LAB_DATABASE_URL": url}
    server = fork_server.start("gunicorn", "app:app", environ=environ)
    try:
        wait_until(lambda: answers(place) or server.poll() is not None)
        yield
    finally:
        server.kill()
        server.wait()


def answers(place: Place) -> bool:
    try:
        return read(place) == 200
    except OSError:
        return False


def read(place: Place) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", place.port, timeout=120)
    try:
        connection.request("GET", "/sign-in")
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()


@contextmanager
def lock_held(app: Flask) -> Iterator[None]:
    """Another program has the lock that every writer needs."""
    settings = app.config["SETTINGS"]
    if settings.sqlite:
        other = pysqlite3.connect(Path(app.config["INSTANCE"]) / "lab.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")
        other.close()
        return
    url = settings.database_url.replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(url) as holder:
        holder.execute("LOCK TABLE call IN ACCESS EXCLUSIVE MODE")
        yield
        holder.rollback()


def test_the_limit_leaves_threads_to_readers() -> None:
    assert 0 < WAITING_WRITERS < WEB_THREADS


def test_readers_are_answered_while_many_writers_wait(
    both_app: Flask, fork_server: ForkServer
) -> None:
    place = prepare(both_app)
    browsers = [Browser(place, place.cast.office) for _ in range(WRITERS)]
    place.release()
    with served(fork_server, place), ThreadPoolExecutor(WRITERS) as pool:
        with lock_held(both_app):
            posts = [pool.submit(write, browser, n) for n, browser in enumerate(browsers)]
            wait_until(lambda: any(post.done() for post in posts), "nobody was sent away")
            began = time.monotonic()
            assert [read(place) for _ in range(10)] == [200] * 10
            took = time.monotonic() - began
        statuses = [finished(post) for post in posts]
    assert took < SOON, f"ten reads took {took:.1f} s"
    assert set(statuses) <= {303, 503} and 503 in statuses
    for browser in browsers:
        browser.close()


@pytest.fixture
def one_place() -> Iterator[None]:
    WRITER_LIMIT.set_capacity(1)
    yield
    WRITER_LIMIT.set_capacity(None)


def test_a_lost_connection_releases_its_slot(postgres_app: Flask, one_place: None) -> None:
    url = postgres_app.config["SETTINGS"].database_url.replace("postgresql+psycopg", "postgresql")
    with postgres_app.app_context():
        number = db.session.scalar(text("SELECT pg_backend_pid()"))
        with psycopg.connect(url, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s, 60000)", (number,))
        with pytest.raises(DBAPIError) as lost:
            db.session.execute(text("SELECT 1"))
        assert classify(lost.value) is FailureKind.UNREACHABLE
        db.session.rollback()
        for _ in range(2):  # the place was given back, once
            with writing() as session:
                session.execute(text("SELECT 1"))


def test_a_failed_transaction_releases_its_slot(both_app: Flask, one_place: None) -> None:
    with both_app.app_context():
        for _ in range(3):
            with pytest.raises(DBAPIError), writing() as session:
                session.execute(text("SELECT no_such_column"))
            db.session.execute(text("SELECT 1"))
            db.session.remove()


def write(browser: Browser, number: int) -> int:
    values = {**FORM, "year": str(2030 + number), "batch": "1", "title": "第一批"}
    return browser.post("/calls/new", values)[0]


def finished(post: Future[int]) -> int:
    try:
        return post.result()
    except OSError:  # the test's own patience with one answer
        pytest.fail("a writer was not answered")
