"""Work for later: written with its cause, done once, taken over after a crash, given up at last."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from lab import audit, clock
from lab.extensions import db
from lab.feature import Feature, JobKind, bind
from lab.jobs import service
from lab.jobs.models import Job
from lab.rejected import Rejected
from tests.support.concurrency import at_once

NOON = datetime(2022, 7, 1, 4, 0, tzinfo=UTC)
KIND = "test.kind"


class Work:
    """A handler that notes its calls and fails as often as it is told."""

    def __init__(self) -> None:
        self.done: list[int] = []
        self.given_up: list[tuple[int, str]] = []
        self.failures = 0

    def run(self, arguments: Mapping[str, Any]) -> None:
        if self.failures:
            self.failures -= 1
            raise Rejected("排版没有成功。")
        self.done.append(arguments["n"])

    def failed(self, arguments: Mapping[str, Any], sentence: str) -> None:
        self.given_up.append((arguments["n"], sentence))


@pytest.fixture
def work(both_app: Flask) -> Iterator[Work]:
    made = Work()
    bind(both_app, Feature("test", jobs=(JobKind(KIND, made.run, made.failed),)))
    service.on_wake(both_app, lambda _: None)
    yield made


def queue(n: int) -> str:
    job = service.enqueue(KIND, {"n": n})
    audit.record("test.cause")
    db.session.commit()
    key = job.key
    db.session.remove()
    return key


def stored(key: str) -> Job:
    db.session.remove()
    return db.session.scalars(select(Job).where(Job.key == key)).one()


def test_a_job_exists_exactly_if_its_cause_does(both_ctx: Flask, work: Work) -> None:
    service.enqueue(KIND, {"n": 1})
    db.session.rollback()
    assert service.due_keys() == []
    key = queue(2)
    assert service.due_keys() == [key]


def test_a_worker_is_woken_after_the_commit_and_not_before(both_ctx: Flask, work: Work) -> None:
    woken: list[str] = []
    service.on_wake(both_ctx, woken.append)
    key = service.enqueue(KIND, {"n": 1}).key
    assert woken == []
    audit.record("test.cause")
    db.session.commit()
    assert woken == [key]
    service.enqueue(KIND, {"n": 2})
    db.session.rollback()
    audit.record("test.other")
    db.session.commit()
    assert woken == [key]


def test_a_job_is_stored_even_if_no_worker_wakes(both_ctx: Flask, work: Work) -> None:
    def broken(_: str) -> None:
        raise OSError("queue is gone")

    service.on_wake(both_ctx, broken)
    key = queue(1)
    assert service.run_due() == 1
    assert (stored(key).state, work.done) == ("done", [1])


def test_eight_workers_do_a_job_once(both_app: Flask, work: Work) -> None:
    with both_app.app_context():
        keys = [queue(n) for n in range(5)]
    ran = at_once(both_app, 8, lambda _: [service.run_job(key) for key in keys])
    assert sum(map(sum, ran)) == 5
    assert sorted(work.done) == [0, 1, 2, 3, 4]


def test_a_killed_workers_job_is_taken_over(both_ctx: Flask, work: Work) -> None:
    with clock.freeze(NOON):
        key = queue(1)
        assert service._claim(key) is not None  # and the worker is killed here
        assert service.run_due() == 0
    with clock.freeze(NOON + service.lease()):
        assert service.run_due() == 0
    with clock.freeze(NOON + service.lease() + timedelta(seconds=1)):
        assert service.run_due() == 1
    assert (work.done, stored(key).attempts) == ([1], 2)


def test_a_lease_is_longer_than_the_longest_pdf_may_take(ctx: Flask) -> None:
    longest = timedelta(seconds=ctx.config["SETTINGS"].render_seconds)
    assert service.lease() > longest


def test_a_worker_that_lost_its_claim_overwrites_nothing(both_ctx: Flask, work: Work) -> None:
    with clock.freeze(NOON):
        key = queue(1)
        slow = service._claim(key)
    assert slow is not None
    with clock.freeze(NOON + service.lease() + timedelta(seconds=1)):
        assert service.run_job(key)
        service._finish(slow, "queued", "太慢")
    assert stored(key).state == "done"


def test_a_failure_is_tried_three_times_and_then_noted(both_ctx: Flask, work: Work) -> None:
    work.failures = 99
    with clock.freeze(NOON):
        key = queue(7)
    moment, attempts = NOON, 0
    for _ in range(10):
        with clock.freeze(moment):
            attempts += service.run_due()
        moment += timedelta(minutes=1)
    job = stored(key)
    assert (attempts, job.attempts, job.state) == (3, 3, "failed")
    assert job.failure == "排版没有成功。"
    assert work.given_up == [(7, "排版没有成功。")]


def test_a_failure_that_passes_is_made_good_by_the_next_try(both_ctx: Flask, work: Work) -> None:
    work.failures = 1
    with clock.freeze(NOON):
        key = queue(1)
        service.run_due()
        waiting = stored(key)
        assert (waiting.state, waiting.finished_at) == ("queued", None)
        db.session.remove()
        assert service.run_due() == 0, "not at once again"
    with clock.freeze(NOON + timedelta(minutes=1)):
        service.run_due()
    assert (stored(key).state, work.done) == ("done", [1])


def test_a_job_that_keeps_killing_its_worker_is_given_up(both_ctx: Flask, work: Work) -> None:
    moment = NOON
    with clock.freeze(moment):
        key = queue(1)
    for _ in range(service.MAX_ATTEMPTS):
        with clock.freeze(moment):
            assert service._claim(key) is not None
        moment += service.lease() + timedelta(seconds=1)
    with clock.freeze(moment):
        assert service.run_due() == 1
    assert (stored(key).state, work.done, len(work.given_up)) == ("failed", [], 1)


def test_one_broken_job_does_not_stop_the_others(both_ctx: Flask, work: Work) -> None:
    def broken(_arguments: Mapping[str, Any], _sentence: str) -> None:
        raise RuntimeError("no note")

    def final(_arguments: Mapping[str, Any]) -> None:
        error = Rejected("不能排版。")
        error.final = True  # type: ignore[attr-defined]
        raise error

    bind(both_ctx, Feature("bad", jobs=(JobKind("test.bad", final, broken),)))
    service.enqueue("test.bad", {})
    audit.record("test.cause")
    db.session.commit()
    queue(2)
    assert service.run_due() == 2
    assert work.done == [2]


def test_an_unknown_kind_is_refused_where_it_is_asked_for(both_ctx: Flask, work: Work) -> None:
    with pytest.raises(KeyError):
        service.enqueue("no.such.kind", {})
