"""Fills the leading group's report from approved data, as of the end of a day."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select

from lab import clock
from lab.calls.models import Call
from lab.decisions.models import Decision
from lab.extensions import db
from lab.indicators.texts import confirmed_texts
from lab.portfolio import queries as portfolio
from lab.portfolio.lifecycle import IN_PROGRESS, LANDED
from lab.portfolio.models import Project
from lab.portfolio.queries import ListRow
from lab.reports import figures
from lab.reports.content import (
    MOST_DECISIONS,
    DecisionWanted,
    Footnote,
    LeadingReport,
    PortfolioRow,
    Summary,
    Trouble,
)

ADDRESSEE, ISSUER = "创新实验室领导小组", "创新实验室实施办公室"
TROUBLED = ("red", "yellow")
NOTHING = ("无", "本月无")


def build(
    *,
    title: str,
    number: str,
    version: int,
    cutoff: date,
    generated_by: str,
    decisions: Sequence[DecisionWanted],
) -> LeadingReport:
    """The report's content, without its hash. A constant number of queries."""
    ids = list(
        db.session.scalars(
            select(Project.id)
            .join(Call, Call.id == Project.call_id)
            .order_by(Call.year, Call.batch, Project.source_label.desc(), Project.id)
        )
    )
    found = {row.id: row for row in portfolio.rows_of(ids, cutoff)}
    rows = [found[project_id] for project_id in ids]
    measured = figures.collect(rows, cutoff)
    wanted = (*decisions, *_pending())[:MOST_DECISIONS]
    troubles = _troubles(rows, cutoff)
    content: tuple[Any, ...] = (*rows, *troubles, *wanted)
    return LeadingReport(
        title=title,
        period=None,
        addressee=ADDRESSEE,
        issuer=ISSUER,
        cutoff=cutoff,
        generated_at=clock.beijing(clock.now()),
        generated_by=generated_by,
        number=number,
        version=version,
        data_hash=None,
        audit_head=None,
        has_demo=any(item.is_demo for item in content),
        summary=_summary(rows),
        portfolio=tuple(_row(row) for row in rows),
        facts=measured.facts,
        indicators=measured.indicators,
        trend=measured.trend,
        decisions=wanted,
        troubles=troubles,
        footnotes=(*measured.footnotes, *_demo_note(rows)),
    )


def version_of(snapshot: str) -> int:
    """The version that a stored snapshot names."""
    return int(json.loads(snapshot)["version"])


def _summary(rows: Sequence[ListRow]) -> Summary:
    """Headline figures of the newest announced call; demonstration projects are not counted,
    unless there is nothing else."""
    call = db.session.scalar(
        select(Call)
        .where(Call.status.in_(("announced", "archived")))
        .order_by(Call.year.desc(), Call.batch.desc())
        .limit(1)
    )
    counted = [row for row in rows if not row.is_demo] or list(rows)
    landed = sum(row.state.code in LANDED for row in counted)
    running = sum(row.state.code in IN_PROGRESS for row in counted)
    if call is None:
        return Summary("创新项目", None, None, landed, running)
    approved = len(counted) if call.approved_stated is None else call.approved_stated
    unnamed = approved - len(counted) if call.approved_stated is not None else 0
    return Summary(
        call_title=call.title,
        received=call.received_text or figures.received(call.id),
        approved=approved,
        landed=landed,
        in_progress=running,
        unnamed=unnamed if unnamed > 0 else None,
        as_of=_published_for(counted),
    )


def _published_for(rows: Sequence[ListRow]) -> date | None:
    """The day for which the states were published, when all are known from a report only."""
    if not rows or not all(row.source_label for row in rows):
        return None
    day: date | None = db.session.scalar(
        select(func.max(Project.status_as_of)).where(Project.id.in_([row.id for row in rows]))
    )
    return day


def _row(row: ListRow) -> PortfolioRow:
    color = row.light.color
    return PortfolioRow(
        number=row.number,
        name=row.name,
        unit=row.unit,
        side=row.side if row.side in ("post", "bank") else None,  # type: ignore[arg-type]
        state=row.state.label,
        light=None if color == "grey" else color,
        light_reason=None if color == "grey" else _brief(row),
        next_milestone=row.next_milestone,
        next_due=row.next_due,
        is_demo=row.is_demo,
    )


def _brief(row: ListRow) -> str | None:
    """The worst ground in a few characters for a narrow column: 里程碑已逾期40天."""
    if not row.light.reasons:
        return None
    sentence = row.light.reasons[0].sentence.rstrip("。")
    head = re.split("“|截至", sentence)[0]
    tail = sentence.rpartition("，")[2]
    return sentence if tail == sentence else head + tail


def _pending() -> tuple[DecisionWanted, ...]:
    """Lists that wait for the leading group."""
    waiting = db.session.execute(
        select(Call.title, Call.is_demo)
        .join(Decision, Decision.call_id == Call.id)
        .where(Decision.status == "submitted")
        .order_by(Decision.id)
    )
    return tuple(
        DecisionWanted(f"审定“{row.title}”立项名单", "实施办公室已提请审定。", None, row.is_demo)
        for row in waiting
    )


def _troubles(rows: Sequence[ListRow], cutoff: date) -> tuple[Trouble, ...]:
    """Projects with a red or yellow light, the red ones first, with what their teams ask."""
    lit = [row for row in rows if row.light.color in TROUBLED]
    lit.sort(key=lambda row: TROUBLED.index(row.light.color))
    words = confirmed_texts([row.id for row in lit], cutoff)
    return tuple(_trouble(row, *words.get(row.id, ("", "")), cutoff) for row in lit)


def _trouble(row: ListRow, problems: str, asks: str, cutoff: date) -> Trouble:
    late = row.next_due is not None and row.next_due < cutoff
    judged = f"{_brief(row)}。" if row.light.reasons else ""
    return Trouble(
        project=row.name,
        light=row.light.color,  # type: ignore[arg-type]
        since=row.next_due + timedelta(days=1) if late and row.next_due else None,
        reason=judged + ("" if problems.startswith(NOTHING) else problems),
        asked=None if asks.startswith(NOTHING) else asks or None,
        is_demo=row.is_demo,
    )


def _demo_note(rows: Sequence[ListRow]) -> tuple[Footnote, ...]:
    demo = sum(row.is_demo for row in rows)
    if not demo or demo == len(rows):
        return ()
    return (Footnote(None, f"表中标【演示】的{demo}个项目为演示数据，不计入总体情况的各项数字。"),)
