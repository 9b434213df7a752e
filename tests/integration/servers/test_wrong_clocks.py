"""A clock that is set back, and two machines that are five seconds apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from lab import audit, clock
from lab.editing import presence as editing
from lab.editing.tabs import EditorTab
from lab.extensions import db
from lab.feature import Feature, JobKind, Registry, bind, registry
from lab.identity.core import sessions
from lab.inbox.mail import delivery, due_mails
from lab.inbox.models.letters import LetterRecipient
from lab.jobs import service as jobs
from lab.jobs.models import Job
from lab.jobs.queue import run_lane
from lab.proposals.models.proposal import Proposal
from lab.proposals.writing import presence, service_snapshots
from lab.proposals.writing.restoring import queries as restoring_queries
from tests.support.builders.calls import open_call
from tests.support.builders.letters import rows, sent, set_mail
from tests.support.builders.proposals import filled_draft
from tests.support.cast import Cast
from tests.support.client import PageClient
from tests.support.servers.mail_server import mail_server
from tests.support.servers.portal_server import free_port

NOON = datetime(2022, 7, 1, 4, 0, tzinfo=UTC)
HOUR, APART = timedelta(hours=1), timedelta(seconds=5)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
KIND = "test.kind"
BACK = NOON - HOUR


@pytest.fixture
def done(both_app: Flask) -> Iterator[list[int]]:
    """The numbers of the jobs that were run."""
    found: list[int] = []

    def run(arguments: Mapping[str, Any]) -> None:
        found.append(arguments["n"])

    bind(both_app, Feature("test", jobs=(JobKind(KIND, run, lambda *_: None),)))
    jobs.on_wake(both_app, lambda _: None)
    yield found


def queue(n: int, wait: timedelta = timedelta(0)) -> str:
    key = jobs.enqueue(KIND, {"n": n}, wait=wait).key
    audit.record("test.cause")
    db.session.commit()
    db.session.remove()
    return key


def at(moment: datetime, work: Callable[[], object]) -> None:
    with clock.freeze(moment):
        work()
    db.session.remove()


def sweep() -> None:
    """What a worker does every minute, on the lane of documents."""
    jobs.clamp_to_now()
    jobs.run_due()


# -- jobs --------------------------------------------------------------------------------------


@pytest.mark.parametrize("wait", [timedelta(0), jobs.LONGEST_WAIT])
def test_a_job_from_before_the_clock_was_set_back_is_run_soon(
    both_ctx: Flask, done: list[int], wait: timedelta
) -> None:
    with clock.freeze(NOON):
        queue(1, wait)
    at(BACK, sweep)
    at(BACK + MINUTE, sweep)
    assert done == [1]


def test_a_job_at_work_when_the_clock_goes_back_is_not_run_twice(
    both_ctx: Flask, done: list[int]
) -> None:
    with clock.freeze(NOON):
        queue(1)
        (key,) = jobs.due_keys()
        assert jobs._claim(key) is not None
    for minutes in range(5):
        at(BACK + minutes * MINUTE, sweep)
    assert done == [], "its worker may still be at it"


def test_the_job_of_a_killed_worker_does_not_wait_for_the_clock(
    both_ctx: Flask, done: list[int]
) -> None:
    with clock.freeze(NOON):
        queue(1)
        (key,) = jobs.due_keys()
        assert jobs._claim(key) is not None  # and the worker is killed here
    at(BACK, sweep)
    at(BACK + jobs.LEASE + 2 * MINUTE, sweep)
    assert done == [1]


def test_a_machine_five_seconds_behind_runs_what_it_is_woken_for(
    both_ctx: Flask, done: list[int]
) -> None:
    with clock.freeze(NOON):
        key = queue(1)
    with clock.freeze(NOON - APART):
        assert jobs.due_keys() == [key] and jobs.run_job(key)
    assert done == [1]


@pytest.mark.parametrize("apart", [APART, -APART])
def test_a_lease_of_a_machine_five_seconds_apart_holds(
    both_ctx: Flask, done: list[int], apart: timedelta
) -> None:
    with clock.freeze(NOON):
        queue(1)
        (key,) = jobs.due_keys()
        assert jobs._claim(key) is not None
    longest = timedelta(seconds=both_ctx.config["SETTINGS"].render_seconds)
    at(NOON + apart, sweep)
    at(NOON + longest + apart, sweep)
    assert done == [], "it may take as long as the longest document"
    assert claimed_at(key) == NOON
    at(NOON + jobs.lease() + MINUTE + apart, sweep)
    assert done == [1]


def claimed_at(key: str) -> datetime | None:
    with clock.freeze(NOON):
        found = db.session.scalar(select(Job.claimed_at).where(Job.key == key))
    db.session.remove()
    return found


def test_a_wait_that_would_look_like_a_wrong_clock_is_refused(
    both_ctx: Flask, done: list[int]
) -> None:
    with pytest.raises(ValueError, match="wait"):
        jobs.enqueue(KIND, {"n": 1}, wait=jobs.LONGEST_WAIT + SECOND)


def test_each_minute_begins_with_the_clock(both_ctx: Flask, done: list[int]) -> None:
    mine = [feature for feature in registry().features if feature.name == "test"]
    both_ctx.extensions["features"] = Registry(mine)
    with clock.freeze(NOON):
        queue(1)
    at(BACK, lambda: run_lane("work"))
    assert done == [1]


# -- mails -------------------------------------------------------------------------------------


def test_a_mail_put_off_before_the_clock_went_back_is_tried_soon(
    both_ctx: Flask, both_cast: Cast
) -> None:
    jobs.on_wake(both_ctx, lambda _: None)
    port = free_port()
    set_mail(both_ctx, port)
    with clock.freeze(NOON):
        number = sent(both_cast)
        jobs.run_due()
    day_before = NOON - timedelta(days=1)
    with mail_server(port) as (post, _):
        at(day_before, due_mails.run_due_deliveries)
        at(day_before + MINUTE, due_mails.run_due_deliveries)
        assert [row.status for row in rows(number)] == ["delivered"] and len(post.taken) == 1


def test_a_mail_of_a_killed_worker_does_not_wait_for_the_clock(
    both_ctx: Flask, both_cast: Cast
) -> None:
    jobs.on_wake(both_ctx, lambda _: None)
    with mail_server() as (post, port):
        set_mail(both_ctx, port)
        with clock.freeze(NOON):
            number = sent(both_cast)
            key = db.session.scalar(select(LetterRecipient.key))
            db.session.remove()
            assert delivery._claim(key or "") is not None  # and the worker is killed here
        at(BACK, due_mails.run_due_deliveries)
        assert [row.status for row in rows(number)] == ["sending"]
        at(BACK + delivery.LEASE + MINUTE, due_mails.run_due_deliveries)
        assert [row.status for row in rows(number)] == ["delivered"] and len(post.taken) == 1


def test_a_machine_five_seconds_behind_sends_its_mail(both_ctx: Flask, both_cast: Cast) -> None:
    jobs.on_wake(both_ctx, lambda _: None)
    with mail_server() as (post, port):
        set_mail(both_ctx, port)
        with clock.freeze(NOON):
            sent(both_cast)
        with clock.freeze(NOON - APART):
            jobs.run_due()
        assert len(post.taken) == 1


# -- sessions ----------------------------------------------------------------------------------


def answered(client: PageClient, moment: datetime) -> bool:
    with clock.freeze(moment):
        return client.http.get("/").status_code == 200


@pytest.fixture
def signed_in(both_client: PageClient, both_cast: Cast) -> PageClient:
    with clock.freeze(NOON):
        return both_client.as_(both_cast.applicant)


def test_a_clock_set_back_signs_nobody_out(signed_in: PageClient) -> None:
    assert answered(signed_in, BACK)
    assert all(answered(signed_in, BACK + minutes * MINUTE) for minutes in (20, 40, 60, 80))


@pytest.mark.parametrize("used", [True, False])
def test_idle_time_counts_from_the_new_clock(
    signed_in: PageClient, both_app: Flask, used: bool
) -> None:
    if used:
        assert answered(signed_in, BACK)
    else:
        with both_app.app_context():
            at(BACK, sessions.clamp_to_now)
    assert not answered(signed_in, BACK + 31 * MINUTE)


def test_a_clock_set_back_lets_no_session_last_beyond_12_hours(signed_in: PageClient) -> None:
    longest = [answered(signed_in, BACK + minutes * MINUTE) for minutes in range(0, 12 * 60, 29)]
    assert all(longest)
    assert not answered(signed_in, BACK + sessions.LONGEST + SECOND)


@pytest.mark.parametrize("apart", [APART, -APART])
def test_two_machines_five_seconds_apart_know_the_same_session(
    signed_in: PageClient, apart: timedelta
) -> None:
    moments = [NOON + minutes * MINUTE + apart * (minutes % 2) for minutes in range(0, 90, 9)]
    assert all(answered(signed_in, moment) for moment in moments)


# -- who is writing, and the texts of the last hour --------------------------------------------


def test_who_wrote_before_the_clock_went_back_is_not_shown_long(
    both_ctx: Flask, both_cast: Cast
) -> None:
    with clock.freeze(NOON):
        proposal = filled_draft(both_cast, open_call(both_cast))
        place = presence.form_path(proposal, "plan")
        editing.record_presence(EditorTab(both_cast.leader, place, "leaderspage"))
        db.session.commit()
        number = proposal.id
    with clock.freeze(NOON - APART):
        assert len(presence.other_editors(draft(number), both_cast.applicant)) == 1
    with clock.freeze(BACK):
        assert presence.other_editors(draft(number), both_cast.applicant) == []


def test_texts_are_put_aside_again_after_the_clock_was_set_back(
    both_ctx: Flask, both_cast: Cast
) -> None:
    with clock.freeze(NOON):
        number = filled_draft(both_cast, open_call(both_cast)).id
        write(both_cast, number, "一")
    with clock.freeze(BACK):
        write(both_cast, number, "二")
        kept = len(restoring_queries.list_snapshots(draft(number)))
    assert kept == 2


def write(cast: Cast, number: int, text: str) -> None:
    proposal = draft(number)
    proposal.mode = text
    service_snapshots.save_snapshot(proposal, cast.applicant)
    audit.record("test.write")
    db.session.commit()


def draft(number: int) -> Proposal:
    found = db.session.get(Proposal, number)
    assert found is not None
    return found
