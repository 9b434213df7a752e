"""The portfolio's services, on both databases."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import event, select

from lab.audit.models import AuditEvent
from lab.db import EditConflict
from lab.extensions import db
from lab.inbox.models.notices import Notice
from lab.policy import Actor
from lab.portfolio.charter import service as portfolio_editing
from lab.portfolio.charter import service_creation
from lab.portfolio.charter.service import MemberInput, MilestoneInput
from lab.portfolio.core import history
from lab.portfolio.models.history import TargetRevision
from lab.portfolio.models.project import Project
from lab.portfolio.pages import queries as portfolio_queries
from lab.portfolio.pages.queries_project import team_rows
from lab.portfolio.status import service as project_status
from lab.rejected import Rejected
from lab.workflow import TransitionRejected
from tests.support.builders.calls import open_call
from tests.support.builders.projects import approved_projects, at, decide, publish, running_project
from tests.support.builders.proposals import submitted_proposal
from tests.support.builders.reviews import published_decision
from tests.support.cast import Cast
from tests.support.status_lights import status_lights


def test_approval_makes_numbered_projects_in_list_order(both_ctx: Flask, both_cast: Cast) -> None:
    with at(2022, 7, 1):
        call = open_call(both_cast)
        first, second, third = (
            submitted_proposal(both_cast, call, title=f"【演示】项目{n}") for n in "甲乙丙"
        )
        decide(both_cast, call, [(third, "proposed"), (second, "rejected"), (first, "proposed")])
    made = db.session.scalars(select(Project).order_by(Project.number)).all()
    assert [(p.number, p.name) for p in made] == [
        ("LX-2022-01-01", "【演示】项目丙"),
        ("LX-2022-01-02", "【演示】项目甲"),
    ]
    project = made[0]
    assert project.status == "awaiting_charter"
    assert [(m.person_id, m.role, m.duty) for m in project.team] == [
        (both_cast.leader, "leader", "副总经理"),
        (both_cast.member, "member", "商户拓展"),
    ]
    assert [m.name for m in project.milestones] == ["完成系统对接", "园区上线"]
    assert [(t.indicator, t.base, t.target) for t in project.targets] == [
        ("K01", Decimal(0), Decimal(1200)),
        ("K06", Decimal(5), Decimal(30)),
    ]
    assert (project.background, project.mode, project.practice) == (
        third.background,
        third.mode,
        third.plan,
    )
    assert project.starts_on == date(2022, 7, 1)


def test_stages_of_a_proposal_become_the_charters_series(both_ctx: Flask, both_cast: Cast) -> None:
    stages = [(date(2022, 9, 30), Decimal(1000)), (date(2022, 11, 30), Decimal(3000))]
    rows = [
        {"indicator": "K01", "base": Decimal(10), "target": value, "due_on": due}
        for due, value in reversed(stages)
    ]
    with at(2022, 7, 1):
        call = open_call(both_cast)
        decide(both_cast, call, [(submitted_proposal(both_cast, call, targets=rows), "proposed")])
    project = db.session.scalars(select(Project)).one()
    series = history.targets_on([project.id], date(2022, 7, 1))[(project.id, "K01")]
    assert (series.base, series.starts_on) == (10, date(2022, 7, 1))
    assert series.stages == tuple(stages)
    assert history.targets_on([project.id], date(2022, 6, 30)) == {}
    revisions = db.session.scalars(select(TargetRevision.valid_from)).all()
    assert set(revisions) == {date(2022, 7, 1)}


def test_approving_twice_makes_no_second_project(both_ctx: Flask, both_cast: Cast) -> None:
    with at(2022, 7, 1):
        call = open_call(both_cast)
        decision = decide(both_cast, call, [(submitted_proposal(both_cast, call), "proposed")])
    assert service_creation.create_projects(decision) == []
    assert len(db.session.scalars(select(Project.id)).all()) == 1


def test_from_score_sheets_to_announced_projects(both_ctx: Flask, both_cast: Cast) -> None:
    _, proposals = published_decision(both_cast)
    made = db.session.scalars(select(Project).order_by(Project.number)).all()
    assert [p.proposal_id for p in made] == [p.id for p in proposals]
    assert all(p.announced_at is not None for p in made)


def test_a_team_sees_its_project_only_after_publication(both_ctx: Flask, both_cast: Cast) -> None:
    leader = Actor(both_cast.leader, frozenset({"applicant"}))
    stranger = Actor(both_cast.stranger, frozenset({"applicant"}))
    office = Actor(both_cast.office, frozenset({"office"}))
    with at(2022, 7, 1):
        call = open_call(both_cast)
        decision = decide(both_cast, call, [(submitted_proposal(both_cast, call), "proposed")])
        assert portfolio_queries.list_rows(leader) == ()
        assert len(portfolio_queries.list_rows(office)) == 1
        publish(decision)
    assert len(portfolio_queries.list_rows(leader)) == 1
    assert portfolio_queries.list_rows(stranger) == ()
    notices = db.session.scalars(select(Notice.text).where(Notice.person_id == both_cast.leader))
    assert any("请组长签署任务书" in text for text in notices)


def test_a_team_is_told_of_its_projects_in_list_order(both_ctx: Flask, both_cast: Cast) -> None:
    projects = approved_projects(both_cast, 3)
    told = select(Notice.text).where(
        Notice.person_id == both_cast.member, Notice.text.contains("已立项")
    )
    assert db.session.scalars(told.order_by(Notice.id)).all() == [
        f"项目“{project.name}”已立项，请组长签署任务书。" for project in projects
    ]


def test_each_project_action_leaves_one_audit_line(both_ctx: Flask, both_cast: Cast) -> None:
    project = approved_projects(both_cast)[0]
    with at(2022, 7, 4):
        with pytest.raises(TransitionRejected):
            project_status.start_project(project, date(2022, 7, 4))
        db.session.rollback()
        project_status.sign_charter(project, both_cast.leader)
        project_status.start_project(project, date(2022, 7, 4))
        project_status.pause_project(project, "场地装修")
        project_status.resume_project(project)
        assert project.status_reason is None
        project_status.start_trial(project)
        project_status.mark_landed(project, "四个商户已上线。")
        project_status.request_acceptance(project)
        project_status.accept_project(project, "指标全部完成，通过。")
        project_status.close_project(project)
        db.session.commit()
    assert project.status == "closed"
    acts = db.session.scalars(
        select(AuditEvent.action)
        .where(AuditEvent.action.like("project.%"))
        .order_by(AuditEvent.seq)
    ).all()
    assert acts == [
        "project.sign_charter",
        "project.start",
        "project.pause",
        "project.resume",
        "project.trial",
        "project.land",
        "project.apply_acceptance",
        "project.accept",
        "project.close",
    ]


def test_a_charter_is_signed_once_and_never_starts_ahead(both_ctx: Flask, both_cast: Cast) -> None:
    project = approved_projects(both_cast)[0]
    with at(2022, 7, 4):
        project_status.sign_charter(project, both_cast.leader)
        with pytest.raises(Rejected, match="已经签署"):
            project_status.sign_charter(project, both_cast.leader)
        with pytest.raises(Rejected, match="晚于今天"):
            project_status.start_project(project, date(2022, 7, 5))
        with pytest.raises(Rejected, match="早于立项"):
            project_status.start_project(project, date(2022, 6, 30))


def test_a_manual_light_shows_its_reason_and_is_removable(both_ctx: Flask, both_cast: Cast) -> None:
    project = running_project(both_cast)
    with at(2022, 7, 10):
        assert status_lights([project.id])[project.id].color == "green"
        with pytest.raises(Rejected):
            project_status.set_light(project, "red", "  ")
        project_status.set_light(project, "red", "合作方退出")
        db.session.commit()
        shown = status_lights([project.id])[project.id]
        assert (shown.color, shown.computed, shown.label) == ("red", "green", "红灯（人工）")
        assert shown.reasons[0].message == "人工设为红灯：合作方退出"
        project_status.clear_light(project)
        db.session.commit()
        assert status_lights([project.id])[project.id].manual is False


def test_a_late_milestone_turns_yellow_then_red(both_ctx: Flask, both_cast: Cast) -> None:
    project = running_project(both_cast)
    first = project.milestones[0]  # due on 30 August

    def color(day: date) -> set[str]:
        reasons = status_lights([project.id], day)[project.id].reasons
        return {r.color for r in reasons if "完成系统对接" in r.message}

    with at(2022, 12, 1):
        assert color(date(2022, 8, 1)) == set()
        assert color(date(2022, 9, 14)) == {"yellow"}
        assert color(date(2022, 9, 15)) == {"red"}
        portfolio_editing.edit_milestones(
            project,
            project.version,
            [
                MilestoneInput(first.key, 40, date(2022, 10, 8)),
                MilestoneInput(project.milestones[1].key, 10, None),
            ],
        )
        db.session.commit()
        assert first.progress == 100
        assert color(date(2022, 10, 1)) == {"red"}
        assert color(date(2022, 10, 8)) == set()


def test_milestones_refuse_invalid_days_and_stale_forms(both_ctx: Flask, both_cast: Cast) -> None:
    project = running_project(both_cast)
    key = project.milestones[0].key
    with at(2022, 8, 1):
        with pytest.raises(Rejected, match="晚于今天"):
            portfolio_editing.edit_milestones(
                project, project.version, [MilestoneInput(key, 100, date(2022, 8, 2))]
            )
        with pytest.raises(Rejected, match="请填写完成日期"):
            portfolio_editing.edit_milestones(
                project, project.version, [MilestoneInput(key, 100, None)]
            )
        with pytest.raises(EditConflict):
            portfolio_editing.edit_milestones(
                project, project.version - 1, [MilestoneInput(key, 5, None)]
            )


def test_the_office_changes_the_team_without_duplicates(both_ctx: Flask, both_cast: Cast) -> None:
    project = running_project(both_cast)
    with pytest.raises(Rejected, match="只能出现一次"):
        portfolio_editing.edit_team(
            project,
            project.version,
            MemberInput(both_cast.member),
            [MemberInput(both_cast.member)],
        )
    portfolio_editing.edit_team(
        project,
        project.version,
        MemberInput(both_cast.member, "总牵头"),
        [MemberInput(both_cast.leader), MemberInput(both_cast.stranger)],
    )
    db.session.commit()
    assert [(m.name, m.role) for m in team_rows(project.id)] == [
        ("组员甲", "leader"),
        ("组长甲", "member"),
        ("外人甲", "member"),
    ]


def test_a_published_project_has_no_number_unit_or_light(both_ctx: Flask, both_cast: Cast) -> None:
    call = open_call(both_cast)
    project = service_creation.enter_public_project(
        call,
        name="公开项目",
        status="landed",
        status_as_of=date(2022, 12, 31),
        source_label="来源：公开报道",
    )
    db.session.commit()
    row = portfolio_queries.list_rows(Actor(both_cast.leading, frozenset({"leading"})))[0]
    assert (row.number, row.unit, row.state.label, row.light.color) == (
        None,
        None,
        "已落地",
        "grey",
    )
    assert project.proposal_id is None


def test_the_project_list_costs_a_constant_number_of_queries(
    both_ctx: Flask, both_cast: Cast
) -> None:
    approved_projects(both_cast, 6)
    office = Actor(both_cast.office, frozenset({"office"}))
    ids = db.session.scalars(select(Project.id)).all()
    seen: list[str] = []

    def note(_c: object, _cu: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            seen.append(statement)

    event.listen(db.engine, "after_cursor_execute", note)
    try:
        assert len(portfolio_queries.list_rows_of(ids[:1])) == 1
        one = len(seen)
        seen.clear()
        assert len(portfolio_queries.list_rows(office)) == 6
        six = len(seen)
    finally:
        event.remove(db.engine, "after_cursor_execute", note)
    assert six <= one + 1  # the list itself asks once which projects the person may see
