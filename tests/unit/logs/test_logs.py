"""What a log line says of a failure, and that it quotes nobody."""

from __future__ import annotations

import errno
import io
import json
import logging
import smtplib
import threading
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from flask import Flask, request
from sqlalchemy.exc import IntegrityError, OperationalError

from lab import logs
from lab.logs import Formatter, failure_in, guard_process, logged_path
from lab.logs.setup import StderrHandler

MARK = "标记7H3Q秘密"
Written = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def written() -> Iterator[Written]:
    """Everything the process logs meanwhile, as it would stand on stderr, line by line."""
    stream, root, lab = io.StringIO(), logging.getLogger(), logging.getLogger("lab")
    handler = StderrHandler()
    handler.setStream(stream)
    level = lab.level
    root.addHandler(handler)
    lab.setLevel("INFO")
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.removeHandler(handler)
    lab.setLevel(level)
    assert MARK not in stream.getvalue()


def sql(kind: type[IntegrityError | OperationalError], orig: Exception) -> Exception:
    return kind("INSERT INTO unit (name) VALUES (?)", (MARK,), orig)


FAILURES: dict[str, tuple[Callable[[], Exception], str]] = {
    "value": (lambda: ValueError(f"invalid literal: {MARK!r}"), "ValueError"),
    "key": (lambda: KeyError(MARK), "KeyError"),
    "file": (lambda: FileNotFoundError(errno.ENOENT, "No such file", MARK), "[ENOENT]"),
    "sql": (lambda: sql(OperationalError, ValueError(MARK)), "VALUES (?)"),
    "unique": (
        lambda: sql(IntegrityError, ValueError("UNIQUE constraint failed: unit.name")),
        "sqlalchemy.exc.IntegrityError",
    ),
    "psycopg": (
        lambda: psycopg.errors.UniqueViolation(f"Key (title)=({MARK}) already exists"),
        "[23505]",
    ),
    "mail": (lambda: smtplib.SMTPResponseException(550, MARK.encode()), "[550]"),
    "recipients": (
        lambda: smtplib.SMTPRecipientsRefused({f"{MARK}@lab.test": (550, b"no")}),
        "smtplib.SMTPRecipientsRefused",
    ),
    "attribute": (lambda: AttributeError(MARK, name="unit_name"), "[unit_name]"),
    "unicode": (lambda: UnicodeEncodeError("gbk", MARK, 0, 1, MARK), "UnicodeEncodeError"),
}


@pytest.mark.parametrize(("make", "said"), FAILURES.values(), ids=FAILURES)
def test_a_failure_is_logged_without_its_message(
    written: Written, make: Callable[[], Exception], said: str
) -> None:
    try:
        try:
            raise make()
        except Exception as error:
            error.add_note(MARK)
            raise RuntimeError(MARK) from error
    except RuntimeError:
        logging.getLogger("lab.test").exception("it failed", extra={"event": "AB12"})
    (line,) = written()
    assert (line["message"], line["event"]) == ("it failed", "AB12")
    assert said in line["exc_info"]
    assert line["exc_info"].splitlines()[-1] == "RuntimeError"
    assert "tests/unit/logs/test_logs.py:" in line["exc_info"]


def test_the_constraint_is_named(written: Written) -> None:
    error = ValueError("UNIQUE constraint failed: unit.name")
    logging.getLogger("lab.test").error("it failed", exc_info=error)
    assert "[UNIQUE constraint failed: unit.name]" in written()[0]["exc_info"]


def test_a_line_is_one_json_object(written: Written) -> None:
    logging.getLogger("lab.test").info("两行\n文字")
    assert written()[0]["message"] == "两行\n文字"


def test_other_packages_quote_nobody(written: Written) -> None:
    log = logging.getLogger("huey.consumer")
    log.warning("Task %s was revoked after %d s", MARK, 5)
    log.error(f"Invalid request: {MARK}")
    log.error(ValueError(MARK))
    log.warning("%(what)s", {"what": MARK})
    said = [line["message"] for line in written()]
    assert said[0] == "Task … was revoked after 5 s"
    assert said[1].startswith("tests/unit/logs/test_logs.py:")
    assert said[2:] == ["ValueError", "…"]


def test_a_record_that_cannot_be_put_together_shows_its_constant() -> None:
    record = logging.LogRecord("huey", logging.INFO, __file__, 1, "%d of %d", (MARK,), None)
    assert json.loads(Formatter().format(record))["message"] == "%d of %d"


def test_what_bypasses_the_log_goes_through_it(
    written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    for owner, name in ((logs.setup.sys, "excepthook"), (threading, "excepthook")):
        monkeypatch.setattr(owner, name, getattr(owner, name))
    monkeypatch.setattr(logs.setup.sys, "unraisablehook", logs.setup.sys.unraisablehook)
    monkeypatch.setattr(logging, "raiseExceptions", True)
    shown = warnings.showwarning
    try:
        guard_process()
        warnings.showwarning(UserWarning(MARK), UserWarning, __file__, 1)
        thread = threading.Thread(target=int, args=(MARK,))
        thread.start()
        thread.join()
    finally:
        logging.captureWarnings(False)
        warnings.showwarning = shown
    assert [line["name"] for line in written()] == ["py.warnings", "lab.process"]


def test_a_confined_failure_shows_only_type_and_location() -> None:
    try:
        int(MARK)
    except ValueError:
        import traceback

        text = f"{MARK}\n{traceback.format_exc()}"
    assert failure_in(text.encode()).startswith("ValueError tests/unit/logs/test_logs.py:")
    assert failure_in(f"{MARK} Error: {MARK}".encode()) == ""


def test_an_address_is_shown_by_its_rule_and_keys() -> None:
    app = Flask("addresses")
    for rule in ("/calls/<key>/files/<file_key>", "/forgot/<token>", "/v/<int:number>/<kind>"):
        app.add_url_rule(rule, rule, lambda **_: "")

    def shown(path: str) -> str:
        with app.test_request_context(path):
            return logged_path(request)

    assert shown(f"/calls/abcdefghjkmn/files/{MARK}?q={MARK}") == "/calls/abcdefghjkmn/files/…"
    assert shown("/forgot/abcdefghjkmn") == "/forgot/…"
    assert shown("/v/3/receipt") == "/v/3/…"
    assert shown(f"/{MARK}") == "（没有这个地址）"
