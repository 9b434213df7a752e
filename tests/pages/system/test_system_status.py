"""系统状态 for the administrators, `/health` for monitoring."""

from __future__ import annotations

import logging
import re
import shutil
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from lab import clock
from lab.db import writing
from lab.feature import Feature, bind
from lab.feature.status import DANGER, OK, StatusCheck, StatusLine, worst
from lab.jobs.models import Job
from lab.nodes import heartbeat, service
from lab.nodes.identity import this_node
from lab.nodes.rules import WEB, WORKER, Node
from tests.support.cast import Cast
from tests.support.client import PageClient, text_of

GB = 1024**3
MINUTES_AGO = {
    "sqlite": "datetime('now', (0 - {}) || ' minutes')",
    "postgresql": "now() - interval '{} minutes'",
}


@pytest.fixture(autouse=True)
def _room_on_disk(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    def free(size: int) -> None:
        usage = SimpleNamespace(total=size * 2, used=size, free=size)
        monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage)

    free(100 * GB)
    return free


def beat(app: Flask, kind: str, node: Node | None = None, minutes_ago: int = 0) -> None:
    node = node or this_node(app.config["SETTINGS"].instance)
    with app.app_context(), writing() as session:
        service.record_heartbeat(session, node, kind)
        ago = MINUTES_AGO[session.get_bind().dialect.name].format(minutes_ago)
        where = {"host": node.host, "kind": kind}
        line = f"UPDATE heartbeat SET seen_at = {ago} WHERE host = :host AND kind = :kind"
        session.execute(text(line), where)


def health(app: Flask) -> tuple[int, dict[str, Any]]:
    answer = app.test_client().get("/health")
    found: dict[str, Any] = answer.get_json()
    return answer.status_code, found


def test_monitoring_gets_200_while_database_and_worker_live(both_app: Flask) -> None:
    heartbeat.send_heartbeat(both_app, this_node(both_app.config["SETTINGS"].instance), WORKER)
    code, answer = health(both_app)
    assert (code, answer["checks"]["worker"]["status"]) == (200, "ok")
    assert 0 <= answer["checks"]["worker"]["age_seconds"] < 60


@pytest.mark.parametrize("minutes", [3, 60 * 24 * 5])
def test_monitoring_gets_503_once_the_worker_has_gone(both_app: Flask, minutes: int) -> None:
    beat(both_app, WORKER, minutes_ago=minutes)
    code, answer = health(both_app)
    assert (code, answer["status"]) == (503, "danger")
    assert answer["checks"]["worker"]["age_seconds"] >= minutes * 60


def test_the_worker_of_any_machine_will_do(both_app: Flask) -> None:
    beat(both_app, WORKER, minutes_ago=30)
    own = this_node(both_app.config["SETTINGS"].instance)
    beat(both_app, WORKER, Node(own.number, "second"))
    assert health(both_app)[1]["checks"]["worker"]["status"] == "ok"


def test_monitoring_gets_503_when_the_database_is_away(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    beat(app, WORKER)
    with app.app_context(), writing() as session:
        session.execute(text("ALTER TABLE heartbeat RENAME TO gone"))
    code, answer = health(app)
    assert (code, answer["checks"]["database"]) == (503, {"status": "danger"})


def test_a_database_that_is_away_is_waited_for_once(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def away(_session: object) -> None:
        asked.append(1)
        raise OSError("no answer")

    monkeypatch.setattr(service, "seen_processes", away)
    code, answer = health(app)
    gone = {answer["checks"][key]["status"] for key in ("database", "worker", "jobs", "nodes")}
    assert (code, gone, len(asked)) == (503, {"danger"}, 1)


def test_a_clock_set_back_hides_no_worker(app: Flask) -> None:
    beat(app, WORKER, Node("gone", "gone"), minutes_ago=-600)
    beat(app, WORKER)
    assert health(app)[1]["checks"]["worker"]["status"] == "ok"


def test_a_database_that_takes_no_writes_is_noticed(both_app: Flask) -> None:
    beat(both_app, WORKER)
    beat(both_app, WEB, minutes_ago=3)
    assert health(both_app)[1]["checks"]["database"]["status"] == "danger"


@pytest.mark.parametrize(
    ("free", "tone", "code"), [(GB * 3, "ok", 200), (GB, "warning", 200), (GB // 8, "danger", 503)]
)
def test_a_filling_disk_is_reported_in_time(
    app: Flask, _room_on_disk: Callable[[int], None], free: int, tone: str, code: int
) -> None:
    beat(app, WORKER)
    _room_on_disk(free)
    answer = health(app)
    assert (answer[0], answer[1]["checks"]["disk"]["status"]) == (code, tone)
    assert answer[1]["checks"]["disk"]["free_mb"] == free // 1024**2


def test_nodes_with_a_folder_each_are_noticed(app: Flask) -> None:
    beat(app, WORKER)
    beat(app, WEB, Node("another", "second"))
    assert health(app)[1]["checks"]["nodes"] == {"status": "danger", "running": 2}


def test_jobs_that_wait_and_jobs_that_failed_are_counted(app: Flask, client: PageClient) -> None:
    old = clock.now() - timedelta(hours=1)
    with app.app_context(), writing() as session:
        for state in ("queued", "queued", "failed"):
            session.add(Job(kind="status.test", state=state, due_at=old, finished_at=old))
    assert health(app)[1]["checks"]["jobs"] == {"status": "warning", "waiting": 2, "failed": 1}


def test_health_tells_strangers_no_names_paths_or_versions(app: Flask, cast: Cast) -> None:
    beat(app, WORKER)
    answer = app.test_client().get("/health").get_json()
    assert set(answer) == {"status", "checks"}
    for key, found in answer["checks"].items():
        assert found.pop("status") in {"ok", "warning", "danger"}
        assert all(type(figure) is int for figure in found.values()), key
        assert re.fullmatch("[a-z_]+", "_".join([key, *found]))


def test_a_check_that_fails_is_a_red_line_with_its_number(
    app: Flask, cast: Cast, client: PageClient, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> StatusLine:
        raise RuntimeError("/secret/path")

    def fine() -> StatusLine:
        return StatusLine("after", "之后", OK, "在后面的检查照常进行。")

    checks = (StatusCheck("broken", "坏了的检查", broken), StatusCheck("after", "之后", fine))
    bind(app, Feature("test", status_checks=checks))
    with caplog.at_level(logging.ERROR, "lab.feature.status"):  # whatever an app before had set
        page = client.as_(cast.system).get("/system/status")
    assert "坏了的检查" in text_of(page)
    assert "在后面的检查照常进行" in text_of(page)
    assert "/secret/path" not in page.text
    number = re.search(r"事件编号([0-9A-F]{8})", text_of(page))
    assert number
    assert [r.event for r in caplog.records if hasattr(r, "event")] == [number[1]]  # type: ignore[attr-defined]
    assert health(app)[1]["checks"]["broken"] == {"status": "danger"}


def test_only_administrators_read_the_page(app: Flask, cast: Cast, client: PageClient) -> None:
    beat(app, WORKER)
    for person in (cast.system, cast.security, cast.audit):
        page = client.as_(person).get("/system/status")
        assert "读写正常" in text_of(page)
        assert 'href="/system/status"' in page.text
    for person in (cast.office, cast.leading, cast.applicant, cast.reviewer):
        client.as_(person).get("/system/status", status=403)


def test_the_gravest_line_decides() -> None:
    lines = [StatusLine("a", "甲", OK, ""), StatusLine("b", "乙", DANGER, "")]
    assert (worst(lines), worst(lines[:1]), worst([])) == (DANGER, OK, OK)
