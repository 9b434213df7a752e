"""The queue's file: the safe SQLite, and a damaged one is put aside and filled from the rows."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from lab import audit
from lab.db.connection.engine import MIN_SAFE_VERSION
from lab.extensions import db
from lab.feature import Feature, JobKind, bind
from lab.jobs import service
from lab.jobs.models import MAIL, WORK
from lab.jobs.queue import QUEUE_NAMES, Queues


def _nothing(_arguments: Mapping[str, Any], _sentence: str = "") -> None:
    pass


@pytest.fixture
def kinds(ctx: Flask) -> None:
    work = JobKind("test.work", _nothing, _nothing)
    bind(ctx, Feature("test", jobs=(work, JobKind("test.mail", _nothing, _nothing, "mail"))))


@pytest.fixture
def processes(ctx: Flask, kinds: None) -> Iterator[Callable[[], Queues]]:
    """What each process of the portal makes at its start, on one instance folder."""
    made = []

    def begin() -> Queues:
        made.append(Queues(ctx, ctx.config["SETTINGS"]))
        return made[-1]

    yield begin
    for queues in made:
        queues.close()


def queue_file(app: Flask) -> Path:
    return Path(app.config["INSTANCE"]) / "queue.db"


def put_aside(app: Flask) -> list[Path]:
    files = queue_file(app).parent.glob("queue.db.damaged-*")
    return [path for path in files if not path.name.endswith(("-wal", "-shm"))]


def ask(kind: str) -> str:
    job = service.enqueue(kind, {})
    audit.record("test.cause")
    db.session.commit()
    db.session.remove()
    return job.key


def waiting(queues: Queues, lane: str) -> int:
    return int(queues._lanes[lane].storage.queue_size())


def garbage(path: Path) -> None:
    path.write_bytes(b"no database at all " * 500)


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: 3 * 4096 - 100])


def overwritten(path: Path) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + bytes(range(256)) * ((len(whole) - 4096) // 256))


DAMAGES = [garbage, cut_short, overwritten]


def test_the_queue_uses_the_sqlite_that_is_safe(ctx: Flask) -> None:
    storage = ctx.extensions["queue"]._lanes[WORK].storage
    ((version,),) = storage.sql("select sqlite_version()", results=True)
    assert tuple(map(int, version.split("."))) >= MIN_SAFE_VERSION
    assert storage.sql("pragma synchronous", results=True) == [(2,)]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_start_with_a_damaged_file_loses_no_job(
    ctx: Flask,
    processes: Callable[[], Queues],
    damage: Callable[[Path], None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    ask("test.work"), ask("test.work"), ask("test.mail")
    ctx.extensions["queue"].close()
    damage(queue_file(ctx))
    damaged = queue_file(ctx).read_bytes()
    with caplog.at_level(logging.ERROR, "lab.jobs"):
        queues = processes()
    assert (waiting(queues, WORK), waiting(queues, MAIL)) == (2, 1)
    (aside,) = put_aside(ctx)
    assert aside.read_bytes() == damaged
    (line,) = [record for record in caplog.records if record.name == "lab.jobs"]
    assert (line.getMessage(), line.file) == ("queue damaged, put aside", aside.name)


@pytest.mark.parametrize("damage", [garbage, cut_short])
def test_a_file_damaged_under_two_processes_is_replaced_once(
    ctx: Flask, processes: Callable[[], Queues], damage: Callable[[Path], None]
) -> None:
    web, worker = processes(), processes()
    ask("test.work")
    assert waiting(web, WORK) == waiting(worker, WORK) == 1
    ctx.extensions["queue"].close()
    # As if nothing of the file were in memory: what a process still holds hides the damage.
    for queues in (web, worker):
        queues.close()
    damage(queue_file(ctx))
    for _ in range(2):
        ask("test.work")
    assert waiting(worker, WORK) == waiting(web, WORK) == 3
    assert len(put_aside(ctx)) == 1
    ask("test.mail")
    assert waiting(worker, MAIL) == waiting(web, MAIL) == 1


def test_who_has_the_old_file_open_goes_over_to_the_new_one(
    ctx: Flask, processes: Callable[[], Queues]
) -> None:
    web, worker = processes(), processes()
    assert waiting(web, WORK) == waiting(worker, WORK) == 0
    storage = worker._lanes[WORK].storage
    storage._replace("as after any damage")
    ask("test.work")
    assert waiting(web, WORK) == waiting(worker, WORK) == 1
    web.close()  # the last one to hold the old file: it must not take the new one's log away
    assert waiting(worker, WORK) == 1
    assert queue_file(ctx).with_name("queue.db-wal").exists()


@pytest.mark.parametrize("taken", ["emptied", "removed"])
def test_a_file_that_is_emptied_or_removed_is_made_again(
    ctx: Flask, processes: Callable[[], Queues], taken: str
) -> None:
    queues = processes()
    ctx.extensions["queue"].close()
    queues.close()
    for end in ("", "-wal", "-shm"):
        queue_file(ctx).with_name(f"queue.db{end}").unlink(missing_ok=True)
    if taken == "emptied":
        queue_file(ctx).touch()
    first, second = ask("test.work"), ask("test.work")
    assert waiting(queues, WORK) == 2, (first, second)
    assert put_aside(ctx) == []


def test_pages_are_answered_although_the_queue_cannot_be_written(
    ctx: Flask, processes: Callable[[], Queues], caplog: pytest.LogCaptureFixture
) -> None:
    ctx.extensions["queue"].close()
    queue_file(ctx).unlink()
    queue_file(ctx).mkdir()  # whatever is tried with it fails
    with caplog.at_level(logging.ERROR, "lab.jobs"):
        processes()
        key = ask("test.work")
    assert service.due_keys() == [key], "the sweep finds it"
    queue_file(ctx).rmdir()
    ask("test.mail")
    assert waiting(processes(), MAIL) >= 1


def test_each_lane_has_a_queue_of_its_own(ctx: Flask, processes: Callable[[], Queues]) -> None:
    queues = processes()
    ask("test.mail")
    assert (waiting(queues, WORK), waiting(queues, MAIL)) == (0, 1)
    assert len(set(QUEUE_NAMES.values())) == len(QUEUE_NAMES)
