"""Sends the requests and takes the processor time of this process, as the median of many runs."""

from __future__ import annotations

import gc
import hashlib
import re
import secrets
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, text

from bench import floor, load, texts
from lab.db import writing
from lab.extensions import db
from lab.identity.models.account import AuthSession
from lab.proposals.rules.matching import parse_terms
from lab.proposals.search.words import match_text

Act = Callable[[], Any]
WARM = 5
SAVING = "输入时自动保存"
ORIGIN = {"Origin": "http://localhost"}


@dataclass(frozen=True)
class Figure:
    """One page: CPU milliseconds of the portal and of the floor, and queries of one request."""

    page: str
    portal: float
    floor: float
    queries: int


def measure(app: Flask, database: Path, runs: int) -> list[Figure]:
    """All pages on the database that `load` has filled, each the median of so many requests."""
    bare = floor.make(database).test_client()
    office, applicant = _signed_in(app, load.OFFICE), _signed_in(app, load.APPLICANT)
    found = [
        _figure(app, page, runs, partial(_get, client, path), partial(_get, bare, below))
        for page, client, path, below in _gets(app, office, applicant)
    ]
    return [*found, _autosave(app, runs, applicant, bare)]


def _figure(app: Flask, page: str, runs: int, ours: Act, theirs: Act) -> Figure:
    return Figure(page, *_medians(runs, ours, theirs), _queries(app, ours))


def _gets(
    app: Flask, office: FlaskClient, applicant: FlaskClient
) -> Iterator[tuple[str, FlaskClient, str, str]]:
    yield "申报书列表（办公室）", office, "/proposals", "/list"
    yield "申报书列表（申报人）", applicant, "/proposals", "/own"
    yield "申报书列表翻到深处", office, _deep(office), "/list"
    for name, word in (
        ("生僻词", texts.RARE_WORD),
        ("常用词", texts.COMMON_WORD),
        ("两个字", texts.TWO_CHARACTERS),
    ):
        below = f"/search?q={match_text(parse_terms(word))}"
        yield f"搜索：{name}（办公室）", office, f"/search?q={word}", below
        yield f"搜索：{name}（申报人）", applicant, f"/search?q={word}", below
    yield "列表按常用词筛选（办公室）", office, f"/proposals?q={texts.COMMON_WORD}", "/list"
    yield "列表按两个字筛选（办公室）", office, f"/proposals?q={texts.TWO_CHARACTERS}", "/list"
    yield "列表按常用词筛选（申报人）", applicant, f"/proposals?q={texts.COMMON_WORD}", "/own"
    call = _call(app)
    yield "列表按批次筛选（办公室）", office, f"/proposals?call={call}", "/call-list"
    yield "列表按状态筛选（办公室）", office, "/proposals?status=returned", "/returned"
    yield "列表按批次和状态筛选", office, f"/proposals?call={call}&status=draft", "/call-list"
    shown = _id(app, "approved")
    yield "申报书页面（办公室）", office, f"/proposals/{shown:012d}", f"/one?id={shown}"
    yield "形式审查队列", office, "/checks", "/queue"
    yield "形式审查队列：一个批次", office, f"/checks?call={call}", "/queue"
    yield "形式审查队列：全部状态", office, "/checks?status=all", "/list"
    yield "发件箱", office, "/letters?status=all", "/letters"
    yield "工作台（办公室）", office, "/", "/queue"
    yield "征集进展", office, f"/calls/{call}/overview", "/call-list"
    asked = _id(app, "submitted")
    yield "形式审查页面", office, f"/checks/{asked:012d}", f"/one?id={asked}"
    draft = _id(app, "draft", own=True)
    yield "核对并提交页面", applicant, f"/proposals/{draft:012d}/submit", f"/one?id={draft}"
    step = f"/proposals/{draft:012d}/edit/background"
    yield "填写页面：背景与模式", applicant, step, f"/one?id={draft}"
    yield "征集批次页面", applicant, f"/calls/{call}", f"/call?id={load.CALLS}"


def _deep(office: FlaskClient) -> str:
    """The address of the list some pages on: what a cursor costs does not depend on the depth."""
    path = "/proposals"
    for _ in range(5):
        after = re.search(r'href="(/proposals\?[^"]*after=[^"]*)"', _get(office, path))
        if after:
            path = after.group(1).replace("&amp;", "&")
    return path


def _autosave(app: Flask, runs: int, applicant: FlaskClient, bare: FlaskClient) -> Figure:
    draft = _id(app, "draft", own=True)
    path = f"/proposals/{draft:012d}/edit/background"
    page = _get(applicant, path)
    token = _value(page, "csrf_token")
    state = {"version": _value(page, "version"), "n": 0}
    written = texts.text(load.random.Random(1), 10)

    def save() -> None:
        state["n"] += 1  # type: ignore[operator]
        form = {"background": f"{written}{state['n']}", "mode": written, "innovation": "新"}
        answer = applicant.post(
            f"{path}/autosave",
            data={**form, "version": state["version"], "csrf_token": token},
            headers={**ORIGIN, "Accept": "application/json"},
        )
        assert answer.status_code == 200, answer.text[:300]
        state["version"] = answer.get_json()["version"]

    def raw() -> None:
        form = {"background": written, "mode": written, "id": str(draft)}
        assert bare.post("/save", data=form).status_code == 200

    return _figure(app, SAVING, runs, save, raw)


def _value(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found, name
    return found.group(1)


def _id(app: Flask, status: str, *, own: bool = False) -> int:
    condition = f"status = :status AND (owner_id = {load.APPLICANT} OR :own = 0)"
    with app.app_context(), db.engine.connect() as connection:
        found = connection.scalar(
            text(f"SELECT min(id) FROM proposal WHERE {condition}"),
            {"status": status, "own": int(own)},
        )
        return int(found or 0)


def _call(app: Flask) -> str:
    with app.app_context(), db.engine.connect() as connection:
        key = connection.scalar(text("SELECT key FROM call WHERE id = :id"), {"id": load.CALLS})
        return str(key)


def _signed_in(app: Flask, person_id: int) -> FlaskClient:
    token = secrets.token_urlsafe(32)
    with app.app_context(), writing() as session:
        digest = hashlib.sha256(token.encode()).hexdigest()
        session.add(AuthSession(token_hash=digest, person_id=person_id))
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = token, True
    return client


def _get(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.text


def _medians(runs: int, *acts: Act) -> tuple[float, ...]:
    """CPU milliseconds of each; in turns, so that a busy machine weighs on all of them alike."""
    for act in acts * WARM:
        act()
    gc.collect()
    spent: list[list[float]] = [[] for _ in acts]
    for _ in range(runs):
        for act, times in zip(acts, spent, strict=True):
            start = time.process_time()
            act()
            times.append((time.process_time() - start) * 1000)
    return tuple(map(statistics.median, spent))


def _queries(app: Flask, act: Act) -> int:
    with app.app_context(), _counting() as seen:
        act()
    return sum(statement.lstrip()[:6].upper() in READS for statement in seen)


READS = ("SELECT", "INSERT", "UPDATE", "DELETE")


@contextmanager
def _counting() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
