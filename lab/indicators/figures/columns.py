"""The columns of the lists of figures: totals, a project's figures, their history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from operator import itemgetter

from lab.catalogue.indicators import Indicator
from lab.indicators.figures.history import HistoryPoint, IndicatorHistory
from lab.web.columns import Column
from lab.web.filters import cn_month


def _target(row: IndicatorHistory) -> str:
    return row.target or ("未载明" if row.source_label else "")


WAITING = (
    Column("number", "立项编号"),
    Column("name", "项目", row_header=True),
    Column("count", "待核定", "number", unit="项"),
    Column("oldest", "最早期间", "month"),
    Column("actions", "办理", "actions", label_hidden=True),
)
PUBLISHED = (
    Column("total.indicator.name", "指标", row_header=True),
    Column("total.kind", "类型"),
    Column("project", "项目"),
    Column("shown", "公布数", "figure"),
    Column("end", "截至", "date"),
)
OF_PROJECT = (
    Column("spec.name", "指标", row_header=True),
    Column("actual", "实际", "figure"),
    Column("as_of", "截至", "date"),
    Column("target", "目标", "figure", value=_target),
    Column("target_due", "目标期限", "date"),
    Column("completion", "完成率", "figure", unit="%"),
)
RETURNED = (
    Column("spec.name", "指标", row_header=True),
    Column("period_end", "期末", "date"),
    Column("text", "填报值", "figure"),
    Column("reason", "退回理由"),
    Column("actions", "办理"),
)
# (end of the month, total, whether it is carried)
TREND = (
    Column("end", "期末", "month", row_header=True, value=itemgetter(0)),
    Column("total", "开立个人钱包数", "figure"),
)


def totals(year: str) -> tuple[Column, ...]:
    """Return the columns of totals; `year` names the year's sums."""
    return (
        Column("indicator.name", "指标", row_header=True),
        Column("kind", "类型"),
        Column("shown", "合计", "figure"),
        Column("latest.reported", "有数据项目", "number", unit="个"),
        Column("latest.missing", "未报项目", "number", unit="个"),
        Column("year", year, "figure"),
    )


def of_projects(indicator: Indicator) -> tuple[Column, ...]:
    """Return the columns of the projects' own figures of an indicator that must not be added."""
    return (
        Column("project", "项目", row_header=True),
        Column("shown", indicator.name, "figure"),
        Column("end", "期末", "date"),
    )


def points(indicator: Indicator) -> tuple[Column, ...]:
    """Return the columns of one indicator's points: (end of the period, point)."""
    return (
        Column("end", "期末", "month", row_header=True, value=itemgetter(0)),
        Column("point", indicator.name, "figure", value=lambda pair: pair[1] and pair[1].text),
    )


def history(periods: Sequence[date]) -> tuple[Column, ...]:
    """Return the columns of a project's figures, one for each period."""
    return (
        Column("spec.name", "指标", row_header=True, css="text-nowrap"),
        *(
            Column(
                f"point_{position}",
                cn_month(end),
                "figure",
                value=partial(_point, position),
                cell="point",
            )
            for position, end in enumerate(periods)
        ),
    )


def _point(position: int, row: IndicatorHistory) -> HistoryPoint | None:
    return row.points[position]
