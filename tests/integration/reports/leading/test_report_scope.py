"""The leading group's report: of the batch it names, of the day it names, asked for once."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

import pytest
from flask import Flask, g
from sqlalchemy import func, select

from lab import clock
from lab.calls.models.call import Call
from lab.demo import facts
from lab.extensions import db
from lab.portfolio.models.project import Project
from lab.portfolio.status import service as portfolio
from lab.portfolio.status.service import EffectiveFrom
from lab.rejected import Rejected
from lab.reports.content.leading import DecisionRequest, LeadingReport
from lab.reports.leading import builder as leading
from lab.reports.leading import service as leading_service
from lab.reports.models import Report
from tests.support.builders import projects as build
from tests.support.builders.calls import open_call
from tests.support.builders.projects import (
    OCTOBER,
    SEPTEMBER,
    approved_figures,
    approved_projects,
    ask_correction,
    at,
    settle,
)
from tests.support.builders.proposals import submitted_proposal
from tests.support.cast import Cast, person
from tests.support.documents.report_pages import made, opened, text_of

YEAR_END = date(2022, 12, 31)


def _report(cutoff: date, call_id: int | None = None) -> LeadingReport:
    return leading.build_report(
        title="报告",
        number="BG-1",
        version=1,
        cutoff=cutoff,
        generated_by="经办人",
        decisions=(),
        call_id=call_id,
    )


def _second_batch(cast: Cast) -> Call:
    with clock.freeze(datetime(2022, 7, 2, 2, tzinfo=UTC)):
        call = open_call(cast, batch=2)
        proposal = submitted_proposal(cast, call, title="第二批项目")
        build.publish(build.decide(cast, call, [(proposal, "proposed")]))
    return call


@contextmanager
def _asking(app: Flask, person_id: int) -> Iterator[None]:
    with app.test_request_context("/reports/new", method="POST"):
        g.person = person(person_id)
        yield


def test_a_report_of_a_batch_counts_that_batch_alone(both_ctx: Flask, both_cast: Cast) -> None:
    approved_projects(both_cast, 3)
    second = _second_batch(both_cast)
    with at(2022, 9, 1):
        one, all_of_them = _report(clock.today(), second.id), _report(clock.today())
    assert (one.summary.received, one.summary.approved) == (1, 1)
    assert one.scope == second.title and len(one.portfolio) == 1
    assert [batch.approved for batch in all_of_them.batches] == [3, 1]
    assert all_of_them.scope is None and len(all_of_them.portfolio) == 4


def test_published_and_real_projects_are_counted_apart(ctx: Flask, cast: Cast) -> None:
    facts.load()
    db.session.commit()
    _second_batch(cast)
    report = _report(clock.today())
    published, own = report.batches
    assert (published.received, published.approved, published.landed) == ("近20个", 12, 4)
    assert (published.in_progress, published.unnamed, published.as_of) == (2, 6, YEAR_END)
    assert (own.received, own.approved, own.provenance, own.as_of) == (1, 1, "real", None)


def test_the_published_facts_alone_fill_two_pages(ctx: Flask, cast: Cast) -> None:
    facts.load()
    db.session.commit()
    document = made(_report(YEAR_END))
    with opened(document) as book:
        assert len(book.pages) == 2
    assert "截至2022年12月31日，按" in text_of(document)
    assert "前已登记的记录" in text_of(document)


def test_every_corrected_figure_has_its_own_mark(ctx: Flask, cast: Cast) -> None:
    first, second = approved_projects(cast, 2)
    for project in (first, second):
        with at(2022, 7, 4):
            build.start(cast, project)
    with at(2022, 11, 7):
        for project in (first, second):
            approved_figures(cast, project, SEPTEMBER, {"K01": 100, "K06": 6})
            approved_figures(cast, project, OCTOBER, {"K01": 200, "K06": 6})
        for project, end, value in (
            (first, SEPTEMBER, 90),
            (first, OCTOBER, 190),
            (second, OCTOBER, 191),
        ):
            _correct(cast, project, end, value)
        late, now = _report(date(2022, 10, 31)), _report(clock.today())
    marks = [note.mark for note in now.footnotes if note.mark]
    assert marks == ["注1", "注2"]  # September stands in the chart alone
    row = next(item for item in now.indicators if item.code == "K01")
    assert row.mark == "注1、注2"
    noted = [note.text for note in late.footnotes if "更正" in note.text]
    assert len(noted) == 3 and all("（数据截止日之后）" in text for text in noted)
    drawn = f"指标走势中，“{first.name}”2022年9月“开立个人钱包数”数据于2022年11月7日更正"
    assert noted[2].startswith(drawn)


def test_corrections_of_rates_without_a_target_are_noted(ctx: Flask, cast: Cast) -> None:
    (project, gone) = approved_projects(cast, 2)
    for each in (project, gone):
        with at(2022, 7, 4):
            build.start(cast, each)
    with at(2022, 9, 20):
        portfolio.terminate_project(gone, "合作方退出")  # without a single figure
        db.session.commit()
    with at(2022, 10, 10):
        rates = {"K01": 100, "K06": 6, "K09": 10, "K10": 300, "K13": 40}
        approved_figures(cast, project, SEPTEMBER, rates)
        for code, value in (("K13", 41), ("K10", 310)):
            _correct(cast, project, SEPTEMBER, value, code)
        report = _report(clock.today())
    said = {line.code: (line.actual, line.expected) for line in report.indicators}
    assert (said["K13"], said["K11"]) == ((41, None), (31, 1))
    assert said["K01"] == (100, 1)  # who ended and never reported is not expected
    noted = "".join(note.text for note in report.footnotes if "更正" in note.text)
    assert noted.count("更正") == 2 and "“红包及立减核销率”" in noted and "“交易金额”" in noted


def _correct(cast: Cast, project: Project, end: date, value: int, code: str = "K01") -> None:
    settle(cast, project, [ask_correction(cast, project, code, end, value)])


def test_a_day_before_anything_is_known_is_refused(ctx: Flask, cast: Cast, app: Flask) -> None:
    approved_projects(cast, 1)
    with _asking(app, cast.office), pytest.raises(Rejected) as refused:
        leading_service.issue_report(date(2022, 1, 31), ())
    assert refused.value.field == "cutoff" and "最早的记录在2022年" in str(refused.value)


def test_a_report_supersedes_only_one_of_its_own_scope(app: Flask, cast: Cast) -> None:
    with app.app_context():
        facts.load()
        db.session.commit()
        call_id = db.session.scalars(select(Call.id)).one()
        db.session.remove()
    with _asking(app, cast.office):
        whole, one = (
            leading_service.issue_report(YEAR_END, ()),
            leading_service.issue_report(YEAR_END, (), call_id),
        )
        wanted = (DecisionRequest("事项", "", None, False),)
        again = leading_service.issue_report(YEAR_END, wanted, call_id)
        assert (whole.supersedes_id, one.supersedes_id, again.supersedes_id) == (None, None, one.id)
        assert json.loads(again.snapshot)["version"] == 2
        assert json.loads(one.snapshot)["scope"] == "首批创新项目征集"


def test_two_posts_at_once_make_one_report(both_app: Flask, both_cast: Cast) -> None:
    with both_app.app_context():
        facts.load()
        db.session.commit()
    keys: list[str] = []

    def ask() -> None:
        with _asking(both_app, both_cast.office):
            keys.append(leading_service.issue_report(YEAR_END, ()).key)
            db.session.commit()

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert len(keys) == 2 and len(set(keys)) == 1
    with both_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Report)) == 1
        assert db.session.scalars(select(Report.number)).one().endswith("-001")


def test_reports_asked_for_by_two_at_once_know_each_other(both_app: Flask, both_cast: Cast) -> None:
    with both_app.app_context():
        facts.load()
        db.session.commit()

    def ask(who: int) -> None:
        with _asking(both_app, who):
            leading_service.issue_report(YEAR_END, ())
            db.session.commit()

    threads = [
        threading.Thread(target=ask, args=(who,)) for who in (both_cast.office, both_cast.leading)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    with both_app.app_context():
        first, second = db.session.scalars(select(Report).order_by(Report.number))
        assert (second.supersedes_id, json.loads(second.snapshot)["version"]) == (first.id, 2)


def test_what_was_recorded_afterwards_is_footnoted(ctx: Flask, cast: Cast) -> None:
    (project,) = approved_projects(cast, 1)
    with at(2022, 7, 4):
        build.start(cast, project)
    with at(2022, 10, 10):
        portfolio.pause_project(
            project, "合作方停工", EffectiveFrom(date(2022, 9, 20), "当时没有登记")
        )
        db.session.commit()
        report = _report(date(2022, 9, 30))
    assert report.portfolio[0].state == "暂停"
    assert report.portfolio[0].mark == "注1"
    (note,) = [item for item in report.footnotes if item.mark]
    assert note.text == (
        f"“{project.name}”在截止日之后补登记（2022年10月10日）：状态“暂停”（自2022年9月20日起）"
    )
