"""To-dos of one kind come in the order in which what they are about came into the portal."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text

from lab import audit, clock
from lab.db import transition
from lab.decisions.models import Decision
from lab.extensions import db
from lab.home.queries import todos
from lab.portfolio.status import service as project_status
from tests.support.builders.calls import draft_call, open_call
from tests.support.builders.projects import approved_projects, at, start
from tests.support.builders.proposals import submitted_proposal
from tests.support.cast import Cast, actor

Prepare = Callable[[Cast], list[str]]


def waiting(app: Flask, person_id: int, task: str) -> list[tuple[str, str]]:
    """(task, about) of a person's to-dos whose task begins so."""
    with app.test_request_context():
        found = todos(actor(person_id))
    return [(todo.task, todo.about) for todo in found if todo.task.startswith(task)]


def drafted_lists(cast: Cast) -> list[str]:
    return [decision.call.title for decision in two_decisions(cast)]


def submitted_lists(cast: Cast) -> list[str]:
    decisions = two_decisions(cast)
    for decision in decisions:
        transition(decision, "submit", proposed_by_id=cast.office, proposed_at=clock.now())
        audit.record("decision.submit", decision)
    db.session.commit()
    return [decision.call.title for decision in decisions]


def two_decisions(cast: Cast) -> list[Decision]:
    decisions = []
    for batch, title in enumerate(("2022年第二批", "2022年第一批"), start=1):
        decision = Decision(call=draft_call(cast, batch=batch, title=title), ranking_number=1)
        decision.begin()
        db.session.add(decision)
        audit.record("decision.start", decision)
        db.session.commit()
        decisions.append(decision)
    return decisions


def unsigned_charters(cast: Cast) -> list[str]:
    return [project.name for project in approved_projects(cast, 2)]


def signed_charters(cast: Cast) -> list[str]:
    projects = approved_projects(cast, 2)
    for project in projects:
        project_status.sign_charter(project, cast.leader)
    db.session.commit()
    return [project.name for project in projects]


def projects_at_work(cast: Cast) -> list[str]:
    projects = approved_projects(cast, 2)
    with at(2022, 7, 4):
        for project in projects:
            start(cast, project)
    return [project.name for project in projects]


@pytest.mark.parametrize(
    ("who", "task", "prepare"),
    [
        ("office", "拟定立项名单", drafted_lists),
        ("leading", "审定立项名单", submitted_lists),
        ("leader", "签署任务书", unsigned_charters),
        ("office", "办理开始实施", signed_charters),
        ("member", "填报2022年7月数据", projects_at_work),
    ],
)
def test_to_dos_of_one_kind_come_oldest_first(
    both_ctx: Flask, both_cast: Cast, who: str, task: str, prepare: Prepare
) -> None:
    names = prepare(both_cast)
    with at(2022, 8, 3):
        found = waiting(both_ctx, getattr(both_cast, who), task)
    assert found == [(task, name) for name in names]


def group_without_sorting() -> None:
    """Let PostgreSQL group in this transaction as it groups many rows: by hashes."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("SET LOCAL enable_sort TO off"))
        db.session.execute(text("SET LOCAL enable_indexscan TO off"))


def test_calls_of_one_title_are_checked_each_by_itself(both_ctx: Flask, both_cast: Cast) -> None:
    title = "创新项目征集"
    calls = [open_call(both_cast, batch=batch, title=title) for batch in (1, 2, 3)]
    for call, count in zip(calls, (2, 1, 3), strict=True):
        for place in range(count):
            submitted_proposal(both_cast, call, title=f"【演示】项目{place}")
    group_without_sorting()
    assert waiting(both_ctx, both_cast.office, "形式审查") == [
        (f"形式审查{count}份申报书", title) for count in (2, 1, 3)
    ]
