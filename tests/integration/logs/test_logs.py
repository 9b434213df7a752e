"""The real stderr of web server and worker, after failures with a text that is looked for."""

from __future__ import annotations

import hashlib
import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pysqlite3.dbapi2 as pysqlite3
from flask import Flask

from lab.extensions import db
from lab.identity.models.account import Person
from tests.support.cast import PASSWORD
from tests.support.client import PageClient
from tests.support.servers.forking import ForkServer
from tests.support.servers.portal_server import Place, prepare

MARK = "标记7H3Q秘密"
ASCII_MARK = "mark7h3qsecret"
MINUTES = 300  # seconds that a busy machine may take for one step


@contextmanager
def running(server: ForkServer, place: Place, log: Path, *words: str) -> Iterator[None]:
    """A process of the portal that writes its output to a file."""
    environ = {**place.environment, "LAB_LOG_LEVEL": "INFO"}
    process = server.start(*words, environ=environ, log=log)
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def wait_for(done: Callable[[], bool], log: Path) -> None:
    deadline = time.monotonic() + MINUTES
    while not done():
        assert time.monotonic() < deadline, log.read_text(encoding="utf-8")
        time.sleep(0.05)


def listens(place: Place) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", place.port)) == 0


def send(place: Place, request: bytes) -> int:
    """Send bytes as they are; the status of the answer."""
    with socket.create_connection(("127.0.0.1", place.port), timeout=MINUTES) as line:
        line.sendall(request)
        answer = b""
        while b"\r\n" not in answer and (part := line.recv(4096)):
            answer += part
    return int(answer.split()[1])


def get(place: Place, path: str, cookie: str = "") -> int:
    head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
    return send(place, f"{head}Cookie: lab={cookie}\r\n\r\n".encode())


def post(place: Place, path: str, body: str, cookie: str = "") -> int:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{place.port}\r\nConnection: close\r\n"
        f"Origin: http://127.0.0.1:{place.port}\r\nCookie: lab={cookie}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
    )
    return send(place, f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode())


def signed_in(place: Place, person_id: int) -> tuple[str, str, str]:
    """Cookie, session token and form token of somebody signed in."""
    person = PageClient(place.app).as_(person_id)
    token = person.token()
    cookie = person.http.get_cookie("lab")
    assert cookie is not None
    with person.http.session_transaction() as session:
        return cookie.value, str(session["_user_id"]), token


def test_no_log_holds_what_was_typed_nor_a_secret(
    sqlite_app: Flask, tmp_path: Path, fork_server: ForkServer
) -> None:
    place, log = prepare(sqlite_app), tmp_path / "log"
    cookie, session, token = signed_in(place, place.cast.system)
    with place.app.app_context():
        hashed = db.session.get_one(Person, place.cast.system).password_hash
        db.session.remove()
    place.release()
    typed, form = quote(MARK), f"csrf_token={quote(token)}"
    with running(fork_server, place, log, "gunicorn", "app:app"):
        wait_for(lambda: listens(place), log)
        assert get(place, f"/search?q={typed}", cookie) in (200, 403)
        assert get(place, f"/{ASCII_MARK}/{typed}?next={typed}", cookie) == 404
        assert get(place, f"/calls/{ASCII_MARK}", cookie) in (403, 404)
        assert send(place, f"GET / {ASCII_MARK}\r\n\r\n".encode()) == 400
        assert send(place, f"GET / HTTP/1.1\r\n{ASCII_MARK} x: y\r\n\r\n".encode()) == 400
        sign_in = f"{form}&name={typed}&password={typed}"
        assert post(place, "/sign-in", sign_in, cookie) == 422
        at_database(
            place,
            "CREATE TRIGGER broken BEFORE INSERT ON unit BEGIN SELECT no_such(NEW.name); END",
        )
        unit = f"{form}&name={typed}&parent=bank"
        assert post(place, "/units/new", unit, cookie) in (500, 503)
        at_database(
            place,
            "INSERT INTO job (key, kind, lane, arguments, state, attempts, due_at, "
            f"failure) VALUES ('aaaabbbbcccc', '{MARK}', 'work', '{{\"q\": \"{MARK}\"}}', "
            "'queued', 0, '2020-01-01 00:00:00.000000', '')",
        )
        with running(fork_server, place, log, "lab.worker"):
            wait_for(lambda: "job failed" in log.read_text(encoding="utf-8"), log)
    said = log.read_text(encoding="utf-8")
    for secret in (
        *(MARK, ASCII_MARK, typed, MARK.encode("unicode_escape").decode()),
        *(PASSWORD, "$argon2", hashed, cookie, session, token),
        hashlib.sha256(session.encode()).hexdigest(),
    ):
        assert secret not in said, said
    events = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    failures = " ".join(line["exc_info"] for line in events if "exc_info" in line)
    assert "INSERT INTO unit" in failures and "KeyError" in failures
    assert "lab/identity/units/service.py:" in failures
    assert len(events) == len(said.splitlines()), "every line is one of ours"


def at_database(place: Place, statement: str) -> None:
    connection = pysqlite3.connect(place.database, isolation_level=None, timeout=60)
    connection.execute(statement)
    connection.close()
