"""The columns of the lists of decisions, of one decision and of the ranking."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import partial

from lab.decisions.rules.office_marks import Mark
from lab.reviews.rules.ranking_table import RankingCriterion, RankingLine
from lab.web.columns import Column

_CALL = Column("title", "批次", row_header=True, value=lambda row: f"{row.batch_label} {row.title}")

WAITING = (_CALL, Column("actions", "办理", "actions"))
DECISIONS = (
    _CALL,
    Column("state", "状态", "state"),
    *(Column(mark.value, mark.label, "number", unit="项") for mark in Mark),
)

_LINE = (
    Column("line.rank", "名次", "figure", css="rank-cell"),
    Column("line.number", "编号", css="text-nowrap"),
    Column("line.title", "项目名称", row_header=True),
    Column("line.unit", "申报单位"),
)
_SCORE = Column("line.score", "正式得分", "figure")
_ZONE = Column("zone", "区位")
ITEMS = (
    *_LINE,
    Column("line.valid", "有效评审", "number", unit="份"),
    *(_SCORE, _ZONE),
    Column("mark", "建议"),
    Column("reason", "理由"),
)
EDITED_ITEMS = (
    *(*_LINE, _SCORE, _ZONE),
    Column("mark", "建议", css="mark-field"),
    Column("reason", "理由", css="reason-field"),
)
ACTIONS = (
    Column("at", "时间", "datetime", css="text-nowrap"),
    Column("label", "办理", row_header=True),
    Column("by", "办理人"),
    Column("reason", "意见"),
)
MEANS = (
    Column("name", "指标", row_header=True),
    Column("weight", "权重", "figure", unit="%"),
    Column("value", "均分", "figure"),
)


def ranking(criteria: Sequence[RankingCriterion]) -> tuple[Column, ...]:
    """Return the columns of a ranking with the mean of each criterion."""
    return (
        Column("rank", "名次", "figure", css="rank-cell"),
        Column("number", "编号", css="text-nowrap"),
        Column("title", "项目名称与申报单位", row_header=True, css="title-cell"),
        Column("zone", "区位"),
        Column("valid", "有效份数", "figure"),
        Column("score", "正式得分", "figure"),
        Column("mean", "均值", "figure"),
        Column("median", "中位数", "figure"),
        Column("spread", "极差", "figure"),
        *(
            Column(f"mean_{position}", item.name, "figure", value=partial(_mean, position))
            for position, item in enumerate(criteria)
        ),
        Column("flags", "标记"),
    )


def _mean(position: int, line: RankingLine) -> Decimal | None:
    return line.means[position]
