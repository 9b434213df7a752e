"""The columns of the list of calls and of a call's criteria."""

from __future__ import annotations

from collections.abc import Callable

from lab.calls.core.read_models import CriterionView
from lab.web.columns import Column
from lab.web.filters import number

CALLS = (
    Column("compare", "对照"),
    Column("batch_label", "批次"),
    Column("title", "名称", row_header=True),
    Column("state", "状态", "state"),
    Column("opens_at", "开始时间", "datetime"),
    Column("closes_at", "截止时间", "datetime"),
    Column("places", "拟立项数", "number", unit="个"),
)
LEVELS = (
    Column("label", "等级", row_header=True, css="text-nowrap"),
    Column("scores", "分数", css="text-nowrap"),
    Column("text", "标准"),
)


def criteria(unknown: str) -> tuple[Column, ...]:
    """Return the columns of a call's criteria; `unknown` stands where no weight was stated."""

    def stated(text: Callable[[CriterionView], str]) -> Callable[[CriterionView], str]:
        return lambda row: unknown if row.weight is None else text(row)

    return (
        Column("name", "指标", row_header=True),
        Column("weight", "权重", "figure", missing=unknown),
        Column("direction", "方向", value=stated(lambda row: row.direction_label)),
        Column("scale", "分值", value=stated(_scale)),
        Column("required", "是否必评", value=stated(_required)),
    )


def _scale(row: CriterionView) -> str:
    return f"{number(row.lo)}–{number(row.hi)}分，最小单位{number(row.step)}分"


def _required(row: CriterionView) -> str:
    return "必评" if row.required else "可不评"
