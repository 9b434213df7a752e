"""When something fails: a page in Chinese with an event number, headers as strict as ever."""

from __future__ import annotations

import errno
import io
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pysqlite3.dbapi2 as pysqlite3
import pytest
from flask import Flask, abort, flash
from sqlalchemy import event
from sqlalchemy.exc import DatabaseError, DBAPIError
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse

from lab import clock
from lab.db import EditConflict
from lab.errors import PAGES
from lab.extensions import db
from lab.files.storing import service as files
from lab.identity.core.queries import unit_choices
from lab.identity.units import service as units_service
from lab.rejected import Rejected
from lab.web.request.guards import guard
from tests.support.builders import files as build_files
from tests.support.builders.calls import FORM
from tests.support.cast import Cast
from tests.support.client import PageClient, check_page, text_of

PUBLIC = "identity.sign_in"
EVENT = re.compile(r"事件编号：([0-9A-F]{8})")


def broken_app(app: Flask) -> Flask:
    """The app with addresses that fail in every way; anybody may ask for them."""
    app.config["PROPAGATE_EXCEPTIONS"] = False

    @guard(PUBLIC)
    def fail(status: int) -> str:
        abort(status)

    @guard(PUBLIC)
    def crash() -> str:
        raise ZeroDivisionError("secret detail 4711")

    @guard(PUBLIC)
    def full() -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    @guard(PUBLIC)
    def fault(code: int) -> str:
        error = pysqlite3.DatabaseError("secret detail 4711")
        error.sqlite_errorcode = code
        raise DatabaseError("SELECT secret", {}, error)

    @guard(PUBLIC)
    def refused() -> str:
        raise Rejected("征集已经截止。")

    @guard(PUBLIC)
    def announced() -> str:
        flash("已经保存好了。", "success")
        raise EditConflict(None)

    def undeclared() -> str:
        return "never seen"

    app.add_url_rule("/fail/<int:status>", view_func=fail)
    app.add_url_rule("/fail/crash", view_func=crash)
    app.add_url_rule("/fail/full", view_func=full)
    app.add_url_rule("/fail/fault/<int:code>", view_func=fault, methods=["GET", "POST"])
    app.add_url_rule("/fail/refused", view_func=refused)
    app.add_url_rule("/fail/announced", view_func=announced)
    app.add_url_rule("/fail/undeclared", view_func=undeclared)
    return app


@pytest.fixture
def app(new_app: Flask) -> Flask:
    """An app that still takes new addresses."""
    return new_app


@pytest.fixture
def broken(app: Flask, cast: Cast) -> PageClient:
    return PageClient(broken_app(app))


def check_error(response: TestResponse, status: int) -> str:
    """The page of an error: valid, Chinese, with event number and headers, telling nothing."""
    assert response.status_code == status
    check_page(response)
    text = text_of(response)
    number = EVENT.search(text)
    assert number, text
    assert f"代码 {status}" in text
    for leak in ("Traceback", "secret detail", "Error", "lab/", "SELECT", "sqlite"):
        assert leak not in response.text
    headers = response.headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self' 'nonce-")
    assert "unsafe" not in policy
    return number[1]


@pytest.mark.parametrize("status", sorted(PAGES))
def test_every_error_has_its_page(broken: PageClient, status: int) -> None:
    response = broken.http.get(f"/fail/{status}")
    check_error(response, status)
    title, advice = PAGES[status]
    assert title in text_of(response) and advice in text_of(response)


def test_a_crash_tells_the_log_everything_and_the_page_nothing(
    broken: PageClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "lab"):
        number = check_error(broken.http.get("/fail/crash"), 500)
    (line,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert line.event == number
    assert line.exc_info is not None and "4711" in str(line.exc_info[1])


def test_errors_of_the_router_have_the_page_too(broken: PageClient, cast: Cast) -> None:
    check_error(broken.http.get("/no/such/page"), 404)
    answer = broken.http.delete("/sign-in")
    check_error(answer, 405)
    assert "GET" in answer.headers["Allow"]


def test_a_route_without_an_action_is_closed_to_everybody(broken: PageClient, cast: Cast) -> None:
    for visitor in (broken, broken.as_(cast.office), broken.as_(cast.system)):
        answer = visitor.http.get("/fail/undeclared")
        check_error(answer, 403)
        assert "never seen" not in answer.text


def test_a_rejection_shows_its_message(broken: PageClient) -> None:
    answer = broken.http.get("/fail/refused")
    check_error(answer, 409)
    assert "征集已经截止。" in text_of(answer)


def test_what_was_taken_back_is_not_announced_as_done(broken: PageClient) -> None:
    answer = broken.http.get("/fail/announced")
    check_error(answer, 409)
    assert "已经保存好了" not in answer.text
    assert "已经保存好了" not in broken.http.get("/sign-in").text


def test_forged_posts_are_refused_and_stale_ones_keep_the_text(
    client: PageClient, cast: Cast
) -> None:
    office = client.as_(cast.office)
    forged = office.http.post("/sign-out", headers={"Origin": "https://evil.example"})
    check_error(forged, 400)
    old = office.http.post(
        "/calls/new",
        data={"csrf_token": "old", "title": "写了很久的标题"},
        headers={"Origin": "http://localhost"},
    )
    assert old.status_code == 400 and "写了很久的标题" in old.text
    assert office.http.get("/").status_code == 200, "still signed in"


def test_too_large_a_post_is_refused_before_it_is_read(client: PageClient, cast: Cast) -> None:
    office = client.as_(cast.office)
    for kind in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        answer = office.http.post(
            "/calls/new",
            data=b"only the beginning",
            content_type=kind,
            environ_overrides={"CONTENT_LENGTH": str(10**9)},
        )
        check_error(answer, 413)


def test_too_many_fields_or_too_long_a_text_are_refused(client: PageClient, cast: Cast) -> None:
    office = client.as_(cast.office)
    long = office.http.post("/calls/new", data={"title": "长" * (1 << 20)})
    check_error(long, 413)
    many = office.http.post(
        "/calls/new",
        data={f"f{n}": "x" for n in range(2001)},
        content_type="multipart/form-data",
    )
    check_error(many, 413)


@contextmanager
def held_lock(app: Flask) -> Iterator[None]:
    """Somebody else writes and does not stop; the portal's patience is made short."""
    path = Path(app.config["INSTANCE"]) / "lab.db"
    with app.app_context():
        db.session.remove()
        db.engine.dispose()

    def impatient(connection: object, *_: object) -> None:
        connection.execute("PRAGMA busy_timeout=50")  # type: ignore[attr-defined]

    with app.app_context():
        event.listen(db.engine, "connect", impatient)
    other = pysqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()
        with app.app_context():
            event.remove(db.engine, "connect", impatient)
            db.engine.dispose()


def test_a_locked_database_says_so_reads_go_on_and_it_recovers(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    office = client.as_(cast.office)
    token = office.token()
    form = {"csrf_token": token, "year": "2022", "batch": "1", "title": "第一批", **FORM}
    post = {"data": form}
    origin = {"Origin": "http://localhost"}
    with held_lock(app):
        answer = office.http.post("/calls/new", headers=origin, **post)  # type: ignore[arg-type]
        check_error(answer, 503)
        assert "暂时无法保存，请稍后再试。" in text_of(answer)
        assert office.http.get("/calls").status_code == 200
    answer = office.http.post("/calls/new", headers=origin, **post)  # type: ignore[arg-type]
    assert answer.status_code == 303, text_of(answer)


def test_a_full_disk_says_so_and_what_is_stored_stays(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    """SQLite is told that the disk ends where the database ends now."""
    office = client.as_(cast.office)
    token = office.token()

    def small(connection: object, *_: object) -> None:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()  # type: ignore[attr-defined]
        connection.execute(f"PRAGMA max_page_count={pages}")  # type: ignore[attr-defined]

    with app.app_context():
        db.engine.dispose()
        event.listen(db.engine, "connect", small)
    text = {"title": "第一批", "notice_text": "文" * 7900}
    form = {**FORM, "csrf_token": token, "year": "2022", "batch": "1", **text}
    origin = {"Origin": "http://localhost"}
    statuses = [
        office.http.post(
            "/calls/new",
            data={**form, "batch": str(n)},
            headers=origin,
        )
        for n in range(1, 12)
    ]
    failed = [answer for answer in statuses if answer.status_code != 303]
    assert failed, "the disk was never full"
    for answer in failed:
        check_error(answer, 503)
        assert "存储空间已满，这次没有保存。" in text_of(answer)
    assert office.http.get("/calls").status_code == 200
    with app.app_context():
        event.remove(db.engine, "connect", small)
        db.engine.dispose()
    again = {**form, "batch": "50"}
    assert office.http.post("/calls/new", data=again, headers=origin).status_code == 303


FAULTS = [
    (10, "存储设备出错，暂时无法读取。", "存储设备出错，这次没有保存。"),
    (11, "数据文件损坏，暂时无法读取。", "数据文件损坏，这次没有保存。"),
    (13, "存储空间已满，暂时无法读取。", "存储空间已满，这次没有保存。"),
    (26, "数据文件损坏，暂时无法读取。", "数据文件损坏，这次没有保存。"),
]


@pytest.mark.parametrize(("code", "reading", "writing"), FAULTS)
def test_disk_failures_are_explained_by_kind(
    broken: PageClient, cast: Cast, code: int, reading: str, writing: str
) -> None:
    office = broken.as_(cast.office)
    path, origin = f"/fail/fault/{code}", {"Origin": "http://localhost"}
    answer = office.http.get(path)
    check_error(answer, 503)
    assert reading in text_of(answer) and "保存" not in text_of(answer)
    answer = office.http.post(path, data={"csrf_token": office.token()}, headers=origin)
    check_error(answer, 503)
    assert writing in text_of(answer)


def test_a_malformed_database_says_so_on_a_page_with_its_number(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    office = client.as_(cast.office)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    path = Path(app.config["INSTANCE"]) / "lab.db"
    whole = path.read_bytes()
    for damaged in (b"no database " * 1000, whole[:100] + b"\xff" * (len(whole) - 100)):
        path.write_bytes(damaged)
        answer = office.http.get("/calls")
        check_error(answer, 503)
        assert "数据文件损坏，暂时无法读取。" in text_of(answer)
        with app.app_context():
            db.engine.dispose()
    path.write_bytes(whole)
    assert office.http.get("/calls").status_code == 200, "it recovers by itself"


@pytest.mark.parametrize("status", [404, 500, 503])
def test_a_script_gets_the_event_number_too(
    broken: PageClient, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "lab.errors"):
        answer = broken.http.get(f"/fail/{status}", headers={"Accept": "application/json"})
    told = answer.get_json()
    (line,) = [record for record in caplog.records if record.name == "lab.errors"]
    assert (answer.status_code, told["state"]) == (status, "error")
    assert line.event == told["event"]
    assert told["text"].endswith(f"事件编号：{told['event']}。") == (status >= 500)


def test_a_disk_too_full_for_an_attachment_says_so(
    broken: PageClient, app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = broken.http.get("/fail/full")
    check_error(answer, 503)
    assert "存储空间已满，暂时无法读取。" in text_of(answer) and "保存" not in text_of(answer)

    def no_room(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("lab.files.storing.storage.os.fsync", no_room)
    with app.app_context():
        upload = FileStorage(io.BytesIO(build_files.pdf()), "意向书.pdf")
        with pytest.raises(Rejected, match=r"存储空间不足，文件“意向书\.pdf”没有保存"):
            files.store_upload(upload, cast.applicant)
        monkeypatch.undo()
        assert list(files.folder().iterdir()) == [], "no half file stays behind"


def test_a_get_cannot_write(both_app: Flask, both_cast: Cast) -> None:
    with both_app.test_request_context("/units", method="GET"):
        before = unit_choices()
        with pytest.raises(DBAPIError, match=r"(?i)read.?only"):
            units_service.create_unit("读时写入", "bank", None)
        db.session.rollback()
        assert unit_choices() == before
    with both_app.test_request_context("/units", method="POST"):
        units_service.create_unit("照常写入", "bank", None)
        db.session.commit()
        db.session.remove()


def test_each_request_leaves_one_line_in_the_log(
    client: PageClient, cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    office = client.as_(cast.office)
    with caplog.at_level(logging.INFO, "lab"):
        office.get("/")
    (line,) = [record for record in caplog.records if record.name == "lab.requests"]
    assert (line.method, line.path, line.status, line.person) == ("GET", "/", 200, cast.office)
    assert line.ms >= 0


def test_visits_work_while_nothing_can_be_written(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    office = client.as_(cast.office)
    with held_lock(app), clock.freeze(clock.now() + timedelta(minutes=5)):
        assert office.http.get("/").status_code == 200
