"""The columns of the ranking."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import partial

from lab.reviews.rules.ranking_table import RankingCriterion, RankingLine
from lab.web.columns import Column


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
