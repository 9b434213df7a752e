"""The public facts and the demonstration, as loaded by the commands."""

from __future__ import annotations

from decimal import Decimal

from flask import Flask
from sqlalchemy import func, select

from lab.audit.check import verify_chain
from lab.calls.models.call import Call
from lab.demo import data as demo_data
from lab.demo import facts
from lab.extensions import Base, db
from lab.indicators.models import Entry
from lab.portfolio.models.project import Project
from lab.portfolio.rules.lifecycle import IN_PROGRESS, LANDED
from lab.proposals.models.proposal import Proposal
from lab.reviews.models import Recusal, ScoreSheet
from lab.scenarios.models import Scenario


def _counts() -> dict[str, int]:
    return {
        table.name: db.session.scalar(select(func.count()).select_from(table)) or 0
        for table in Base.metadata.sorted_tables
    }


def test_the_facts_hold_exactly_what_was_published(both_ctx: Flask) -> None:
    assert facts.load()
    db.session.commit()
    call = db.session.scalars(select(Call)).one()
    assert (call.received_text, call.approved_stated) == ("近20个", 12)
    projects = db.session.scalars(select(Project)).all()
    assert len(projects) == 6
    assert sum(p.status in LANDED for p in projects) == 4
    assert sum(p.status in IN_PROGRESS for p in projects) == 2
    assert all(p.source_label == "来源：公开报道" and not p.is_demo for p in projects)
    assert all(p.number is None and p.unit_id is None and p.starts_on is None for p in projects)
    values = {e.indicator: (e.value, e.value_text) for e in db.session.scalars(select(Entry))}
    assert values == {
        "K01": (Decimal(19146), ""),
        "K04": (Decimal(54), ""),
        "K16": (Decimal(54), ""),
        "K14": (Decimal(1), ""),
        "K15": (None, "预计每月100余万元"),
        "K17": (Decimal(4), ""),
        "K18": (Decimal(1), ""),
        "K19": (Decimal(1), ""),
    }
    names = list(db.session.scalars(select(Scenario.name).order_by(Scenario.id)))
    assert names == ["丽泽SOHO", "丽泽天街", "丽泽天地", "晋商大厦"]


def test_loading_facts_and_demonstration_twice_changes_nothing(both_ctx: Flask) -> None:
    assert demo_data.load()
    before = _counts()
    assert not facts.load()
    db.session.rollback()
    assert not demo_data.load()
    assert _counts() == before
    assert verify_chain().is_intact


def test_the_demo_has_nineteen_received_and_twelve_approved(both_ctx: Flask) -> None:
    demo_data.load()
    first = db.session.scalars(select(Call).where(Call.source_label != "")).one()
    proposals = db.session.scalars(select(Proposal).where(Proposal.call_id == first.id)).all()
    assert len(proposals) == 13
    projects = db.session.scalars(select(Project).where(Project.call_id == first.id)).all()
    named = [p for p in projects if not p.is_demo]
    assert len(named) + len(proposals) == 19
    assert len(projects) == first.approved_stated == 12
    reviewers = db.session.scalar(select(func.count(func.distinct(ScoreSheet.reviewer_id))))
    assert reviewers == 7
    assert (db.session.scalar(select(func.count()).select_from(Recusal)) or 0) > 0
    months = db.session.scalar(
        select(func.count(func.distinct(Entry.period_end))).where(Entry.is_demo)
    )
    assert months == 6


def test_everything_invented_carries_its_mark(both_ctx: Flask) -> None:
    demo_data.load()
    for proposal in db.session.scalars(select(Proposal)):
        assert proposal.is_demo and proposal.title.startswith("【演示】")
    for project in db.session.scalars(select(Project)):
        assert project.is_demo == project.name.startswith("【演示】")
        assert project.is_demo != bool(project.source_label)


def test_published_criteria_get_no_invented_weights(both_ctx: Flask) -> None:
    demo_data.load()
    first = db.session.scalars(select(Call).where(Call.source_label != "")).one()
    assert [c.weight for c in first.criteria] == [0, 0, 0, 0]
    assert first.places == 12
