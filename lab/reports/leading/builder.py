"""Build the leading group's report from approved data as of the end of a day."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select

from lab import clock
from lab.calls.models.call import Call
from lab.canonical import JsonString
from lab.decisions.models import Decision, DecisionAction
from lab.decisions.rules.lifecycle import DecisionStatus
from lab.extensions import db
from lab.indicators.figures.narratives import NarrativeExcerpt, confirmed_narratives
from lab.portfolio.core.state_log import assumed_note
from lab.portfolio.models.project import Project
from lab.portfolio.pages import queries as portfolio
from lab.portfolio.pages.batch_counts import BatchCount, batch_counts, state_of
from lab.portfolio.pages.queries import ListRow
from lab.portfolio.rules.lifecycle import IN_PROGRESS, LANDED, PROJECT
from lab.portfolio.rules.status_light import TROUBLED
from lab.reports.content.leading import (
    MAX_DECISIONS,
    DecisionRequest,
    Footnote,
    LeadingReport,
    LightCount,
    PortfolioRow,
    StateCount,
    Summary,
    TroubledProject,
)
from lab.reports.content.leading import Light as LitColor
from lab.reports.content.wording import as_sentence
from lab.reports.leading import corrections, figures
from lab.reports.leading.corrections import ReportNotes

ADDRESSEE, ISSUER = "创新实验室领导小组", "创新实验室实施办公室"
EMPTY_TEXTS = ("", "无", "本月无")
# The grounds of lights (lab.portfolio.rules.status_light), without what only pages have room for.
SHORT_REASONS = tuple(
    (re.compile(pattern, re.DOTALL), short)
    for pattern, short in (
        (r"里程碑“.*”应于.*?完成，(.*)", r"里程碑\1"),
        (r"(.+?)截至\d+年\d+月\d+日未报", r"\1未报"),
        (r"(.+?)截至\d+年\d+月\d+日.*，(达到序时计划).*(的-?[\d.]+%)", r"\1\2\3"),
        (r"(.+?)截至\d+年\d+月\d+日.*，(完成率[\d.]+%)", r"\1\2"),
        (r"协调事项“.*”(已\d+天未办结)", r"协调事项\1"),
    )
)


def build_report(
    *,
    title: str,
    number: str,
    version: int,
    cutoff: date,
    generated_by: str,
    decisions: Sequence[DecisionRequest],
    call_id: int | None = None,
) -> LeadingReport:
    """Return the report's content, without its hash, for the batch `call_id` or all batches.

    By everything recorded until now. A constant number of queries.
    """
    ids = project_ids(call_id)
    rows_by_id = {row.id: row for row in portfolio.list_rows_of(ids, cutoff)}
    rows = [rows_by_id[project_id] for project_id in ids if project_id in rows_by_id]
    notes = corrections.collect_notes(rows, cutoff)
    measured = figures.collect_figures(rows, cutoff, notes, call_id)
    requests = (*decisions, *_pending(call_id, cutoff))[:MAX_DECISIONS]
    troubled_projects = _troubled_projects(rows, notes, cutoff)
    content: tuple[Any, ...] = (*rows, *troubled_projects, *requests)
    batches = tuple(map(_summary, batch_counts(rows, cutoff, call_id=call_id)))
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
        has_demo=any(item.is_demo for item in content)
        or any(batch.provenance == "demo" for batch in batches),
        scope=None if call_id is None else call_title(call_id),
        batches=batches,
        portfolio=tuple(_row(row, notes) for row in rows),
        facts=measured.facts,
        indicators=measured.indicators,
        trend=measured.trend,
        decisions=requests,
        troubles=troubled_projects,
        footnotes=(*notes.footnotes, *_assumed_note(rows, cutoff), *_demo_note(rows)),
    )


def version_of(snapshot: JsonString) -> int:
    """Return the version in a stored snapshot."""
    return int(snapshot.parsed()["version"])


def project_ids(call_id: int | None = None) -> list[int]:
    """Return the projects of a batch, or of all, in report order."""
    query = select(Project.id).join(Call, Call.id == Project.call_id)
    if call_id is not None:
        query = query.where(Project.call_id == call_id)
    order = (Call.year, Call.batch, Project.source_label.desc(), Project.is_demo, Project.id)
    return list(db.session.scalars(query.order_by(*order)))


def call_title(call_id: int) -> str:
    """Return the title of a batch. Raises NoResultFound for an unknown one."""
    return db.session.scalars(select(Call.title).where(Call.id == call_id)).one()


def _summary(count: BatchCount) -> Summary:
    fact = count.provenance == "fact"
    others = (
        StateCount(PROJECT.state(code).label, number)
        for code, number in count.by_state.items()
        if code not in (*LANDED, *IN_PROGRESS)
    )
    colors: tuple[LitColor, ...] = ("green", "yellow", "red")
    return Summary(
        call_title=count.title,
        received=count.received,
        approved=count.approved,
        landed=count.landed,
        in_progress=count.in_progress,
        unnamed=count.unnamed or None,
        as_of=count.as_of if fact else None,
        provenance=count.provenance,
        others=tuple(others),
        lights=tuple(LightCount(color, count.lights[color]) for color in colors),
    )


def _row(row: ListRow, notes: ReportNotes) -> PortfolioRow:
    color = row.light.color
    shown = state_of(row)
    return PortfolioRow(
        number=row.number,
        name=row.name,
        unit=row.unit,
        side=row.side if row.side in ("post", "bank") else None,  # type: ignore[arg-type]
        state=shown.label,
        light=None if color == "grey" else color,
        light_reason=None if color == "grey" else _brief(row),
        next_milestone=row.next_milestone,
        next_due=row.next_due,
        is_demo=row.is_demo,
        call_title=row.call,
        known_state=None if shown.code == row.state.code else row.state.label,
        mark=corrections.join_marks(notes.projects.get(row.id, ())),
        state_on=row.published_on if row.published_state else None,
    )


def _brief(row: ListRow) -> str | None:
    """Return the worst reason shortened for a narrow column: 里程碑已逾期40天."""
    if not row.light.reasons:
        return None
    text = row.light.reasons[0].message.strip().rstrip("。")
    if row.light.manual:
        return text
    for pattern, short in SHORT_REASONS:
        if pattern.fullmatch(text):
            return pattern.sub(short, text)
    return text


def _pending(call_id: int | None, cutoff: date) -> tuple[DecisionRequest, ...]:
    """Return the lists that awaited the leading group at the end of the day."""
    newest = (
        select(DecisionAction.decision_id, func.max(DecisionAction.id).label("id"))
        .where(DecisionAction.at <= clock.end_of_day(cutoff))
        .group_by(DecisionAction.decision_id)
        .subquery()
    )
    query = (
        select(Call.title, Call.is_demo)
        .join(Decision, Decision.call_id == Call.id)
        .join(newest, newest.c.decision_id == Decision.id)
        .join(DecisionAction, DecisionAction.id == newest.c.id)
        .where(DecisionAction.status == DecisionStatus.SUBMITTED)
    )
    if call_id is not None:
        query = query.where(Call.id == call_id)
    waiting = db.session.execute(query.order_by(Decision.id))
    return tuple(
        DecisionRequest(f"审定“{row.title}”立项名单", "实施办公室已提请审定。", None, row.is_demo)
        for row in waiting
    )


def _troubled_projects(
    rows: Sequence[ListRow], notes: ReportNotes, cutoff: date
) -> tuple[TroubledProject, ...]:
    """Return projects with a red or yellow light, red ones first, with their teams' requests."""
    troubled_rows = [row for row in rows if row.light.is_troubled]
    troubled_rows.sort(key=lambda row: TROUBLED.index(row.light.color))
    narratives = confirmed_narratives([row.id for row in troubled_rows], cutoff)
    return tuple(
        _troubled_project(row, notes.names[row.id], narratives.get(row.id)) for row in troubled_rows
    )


def _troubled_project(
    row: ListRow, name: str, narrative: NarrativeExcerpt | None
) -> TroubledProject:
    problems = (
        ""
        if narrative is None or _is_empty_text(narrative.problems)
        else narrative.problems.strip()
    )
    asks = None if narrative is None or _is_empty_text(narrative.asks) else narrative.asks
    reason = as_sentence(_brief(row) or "")
    return TroubledProject(
        project=name,
        light=row.light.color,  # type: ignore[arg-type]
        month=narrative.end if narrative is not None and (problems or asks) else None,
        # What has lines of its own begins a new one.
        reason=reason + ("\n" if "\n" in problems else "") + problems,
        asked=asks,
        is_demo=row.is_demo,
    )


def _is_empty_text(text: str) -> bool:
    return text.strip().rstrip("。.") in EMPTY_TEXTS


def _assumed_note(rows: Sequence[ListRow], cutoff: date) -> tuple[Footnote, ...]:
    text = assumed_note({row.id: row.name for row in rows}, cutoff)
    return (Footnote(None, as_sentence(text)),) if text else ()


def _demo_note(rows: Sequence[ListRow]) -> tuple[Footnote, ...]:
    demo = sum(row.is_demo for row in rows)
    if not demo or demo == len(rows):
        return ()
    return (Footnote(None, f"标【演示】的{demo}个项目为演示数据，单独计数，不与其他项目相加。"),)
