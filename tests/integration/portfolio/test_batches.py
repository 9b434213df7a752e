"""The headline counts of each batch."""

from __future__ import annotations

from datetime import date

from flask import Flask
from sqlalchemy import select

from lab import clock
from lab.demo import facts
from lab.extensions import db
from lab.portfolio.models.project import Project
from lab.portfolio.pages import queries as portfolio_queries
from lab.portfolio.pages.batch_counts import BatchCount, batch_counts
from lab.portfolio.status import service as project_status
from lab.reports.leading import queries as report_queries
from tests.support.builders.calls import open_call
from tests.support.builders.projects import approved_projects, at, decide, publish, start
from tests.support.builders.proposals import submitted_proposal
from tests.support.cast import Cast

PUBLISHED = date(2022, 12, 31)


def counts(day: date) -> tuple[BatchCount, ...]:
    ids = list(db.session.scalars(select(Project.id)))
    return batch_counts(portfolio_queries.list_rows_of(ids, day), day)


def second_batch(cast: Cast) -> list[Project]:
    """Two projects of a second batch, approved on 2 August 2022; three proposals came."""
    with at(2022, 8, 2):
        call = open_call(cast, batch=2, title="第二批")
        came = [submitted_proposal(cast, call, title=f"第二批项目{n}") for n in range(3)]
        publish(decide(cast, call, [(proposal, "proposed") for proposal in came[:2]]))
    return list(db.session.scalars(select(Project).where(Project.call_id == call.id)))


def test_each_batch_is_counted_apart_and_adds_up(both_ctx: Flask, both_cast: Cast) -> None:
    first = approved_projects(both_cast, 3)
    with at(2022, 7, 4):
        for project in first[:2]:
            start(both_cast, project)
        project_status.mark_landed(first[0], "三个商户已上线。")
        db.session.commit()
    second_batch(both_cast)
    with at(2022, 8, 10):
        one, two = counts(clock.today())
    assert (one.received, one.approved, one.landed, one.in_progress, one.others) == (3, 3, 1, 1, 1)
    assert (two.title, two.received, two.approved, two.others) == ("第二批", 3, 2, 2)
    for each in (one, two):
        assert each.landed + each.in_progress + each.others + each.unnamed == each.approved
        assert sum(each.by_state.values()) == each.named == sum(each.lights.values())


def test_a_past_day_knows_nothing_of_a_later_batch(ctx: Flask, cast: Cast) -> None:
    approved_projects(cast, 2)
    second_batch(cast)
    (one,) = counts(date(2022, 7, 31))
    assert (one.received, one.approved) == (2, 2)


def test_published_projects_keep_the_published_counts(ctx: Flask, cast: Cast) -> None:
    facts.load()
    db.session.flush()
    trial = db.session.scalars(select(Project).where(Project.status == "trial")).first()
    running = db.session.scalars(select(Project).where(Project.status == "running")).first()
    one = counts(PUBLISHED)[0]
    assert (one.provenance, one.received, one.approved, one.landed) == ("fact", "近20个", 12, 4)
    assert one.landed + one.in_progress + one.others + one.unnamed == 12
    assert one.as_of == PUBLISHED and one.changed_since == 0
    project_status.mark_landed(
        trial or running or db.session.scalars(select(Project)).one(), "已上线。"
    )
    db.session.commit()
    after = counts(clock.today())[0]
    assert (after.landed, after.by_state, after.changed_since) == (4, one.by_state, 1)


def test_demonstration_and_real_entries_of_a_call_stay_apart(ctx: Flask, cast: Cast) -> None:
    made = approved_projects(cast, 3)
    made[0].is_demo = True
    made[0].call.received_text = "近20个"
    db.session.flush()
    real, demo = counts(clock.today())
    assert (real.provenance, real.approved, demo.provenance, demo.approved) == (
        "real",
        2,
        "demo",
        1,
    )
    assert (real.received, demo.received) == (3, 0)


def test_a_team_is_notified_of_its_own_projects_only(ctx: Flask, cast: Cast) -> None:
    facts.load()
    db.session.flush()
    ids = list(db.session.scalars(select(Project.id)))[:1]
    (one,) = batch_counts(portfolio_queries.list_rows_of(ids, PUBLISHED), PUBLISHED, complete=False)
    assert (one.received, one.approved, one.unnamed) == (None, 1, 0)


def test_a_batch_counts_what_it_received_before_any_is_approved(
    both_ctx: Flask, both_cast: Cast
) -> None:
    approved_projects(both_cast, 1)
    with at(2022, 8, 2):
        call = open_call(both_cast, batch=2, title="第二批")
        submitted_proposal(both_cast, call, title="第二批项目")
        one, two = counts(clock.today())
        (own,) = batch_counts((), clock.today(), call_id=call.id)
        told = report_queries.scope_choices()
    assert two == own and (own.title, own.received, own.approved) == ("第二批", 1, 0)
    assert [title for _, title in told] == ["第二批", one.title]
    assert [batch.title for batch in counts(date(2022, 8, 1))] == [one.title]
