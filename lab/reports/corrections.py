"""What a report of a past day must not pass over: figures corrected, and matters recorded late."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from sqlalchemy import select

from lab import clock
from lab.extensions import db
from lab.indicator_dictionary import INDICATORS
from lab.indicators.models import Entry
from lab.portfolio.history import LateRecord, later_recorded
from lab.portfolio.queries import ListRow
from lab.reports.content import Footnote

SEPARATOR = "、"


@dataclass(frozen=True)
class Corrected:
    """A figure that replaced an approved one, and when it was approved itself."""

    project_id: int
    indicator: str
    period_end: date
    approved_at: datetime | None


@dataclass(frozen=True)
class Notes:
    """Footnotes with the marks that cells carry: of (project, indicator), and of a project."""

    cutoff: date
    footnotes: tuple[Footnote, ...]
    figures: Mapping[tuple[int, str], tuple[str, ...]]
    projects: Mapping[int, tuple[str, ...]]


def notes(rows: Sequence[ListRow], cutoff: date) -> Notes:
    """One footnote with its own mark for each figure corrected, and for each project of which
    something that held on the cut-off was recorded only after it."""
    ids, names = [row.id for row in rows], {row.id: row.name for row in rows}
    figures: dict[tuple[int, str], list[str]] = defaultdict(list)
    projects: dict[int, list[str]] = defaultdict(list)
    footnotes: list[Footnote] = []
    for item in _corrected(ids, cutoff):
        mark = f"注{len(footnotes) + 1}"
        figures[item.project_id, item.indicator].append(mark)
        footnotes.append(Footnote(mark, _figure_text(item, names[item.project_id], cutoff)))
    for project_id, late in groupby(later_recorded(ids, cutoff), key=lambda r: r.project_id):
        mark = f"注{len(footnotes) + 1}"
        projects[project_id].append(mark)
        footnotes.append(Footnote(mark, _late_text(names[project_id], list(late))))
    return Notes(
        cutoff,
        tuple(footnotes),
        {key: tuple(marks) for key, marks in figures.items()},
        {key: tuple(marks) for key, marks in projects.items()},
    )


def joined(marks: Sequence[str]) -> str | None:
    """The marks as a cell shows them: 注1、注3; None without any."""
    return SEPARATOR.join(marks) or None


def _corrected(project_ids: Sequence[int], cutoff: date) -> list[Corrected]:
    found = db.session.execute(
        select(Entry.project_id, Entry.indicator, Entry.period_end, Entry.approved_at)
        .where(
            Entry.project_id.in_(project_ids),
            Entry.status == "approved",
            Entry.corrects_id.is_not(None),
            Entry.period_end <= cutoff,
        )
        .order_by(Entry.project_id, Entry.indicator, Entry.period_end)
    )
    return [Corrected(*row) for row in found]


def _figure_text(item: Corrected, project: str, cutoff: date) -> str:
    month = f"{item.period_end.year}年{item.period_end.month}月"
    after = item.approved_at is not None and item.approved_at > clock.end_of_day(cutoff)
    when = f"于{clock.cn_date(item.approved_at)}" if item.approved_at else ""
    late = "（数据截止日之后）" if after else ""
    return f"“{project}”{month}“{INDICATORS[item.indicator].name}”数据{when}更正{late}"


def _late_text(project: str, late: Sequence[LateRecord]) -> str:
    told = "；".join(f"{item.what}（自{clock.cn_date(item.valid_from)}起）" for item in late)
    moments = sorted(item.recorded_at for item in late)
    days = "、".join(dict.fromkeys(map(clock.cn_date, moments)))
    return f"“{project}”在截止日之后补登记（{days}）：{told}"
