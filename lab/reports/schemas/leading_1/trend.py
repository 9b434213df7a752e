"""The trend chart of a "leading-1" report.

Lines differ by dash, symbol and a direct label, so that a grey print loses nothing.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from lab.reports.schemas.leading_1.content import Trend, TrendLine
from lab.reports.schemas.leading_1.wording import plain_number

FONT = "Noto Sans CJK SC"
INK, GREY = "#1a1a1a", "#595959"
# Dark enough and far enough apart in grey; dash and symbol carry the difference anyway.
STYLES = (
    ("#0f4c81", "solid", "circle"),
    ("#8a3b12", "dashed", "rect"),
    ("#4a4a4a", "dotted", "triangle"),
    ("#2f6b3a", [8, 3, 2, 3], "diamond"),
)
WIDEST_NAME = 130  # pixels kept on the right for the name of a line
MOST_LABELS = 12


def trend_option(trend: Trend) -> dict[str, Any]:
    """The ECharts option of the trend chart: plain JSON types, no functions, no animation."""
    longest = max((len(line.name) for line in trend.lines), default=0)
    names_width = min(longest * 13, WIDEST_NAME)
    return {
        "animation": False,
        "textStyle": {"fontFamily": FONT, "color": INK, "fontSize": 12},
        "aria": {"enabled": True, "label": {"description": description(trend)}},
        "grid": {
            "left": 8,
            "right": 16 + names_width,
            "top": 34,
            "bottom": 6,
            "containLabel": True,
        },
        "xAxis": {
            "type": "category",
            "data": _month_labels(trend.months),
            "axisTick": {"alignWithLabel": True},
            "axisLine": {"lineStyle": {"color": GREY}},
            "axisLabel": {"color": INK, "fontSize": 12, "lineHeight": 15},
        },
        "yAxis": {
            "type": "value",
            "name": f"单位：{trend.unit}",
            "nameLocation": "end",
            "nameTextStyle": {"color": INK, "align": "left", "fontSize": 12},
            "minInterval": 1,
            # The library writes 19,146 beside the axis; the points carry the exact figures.
            "axisLabel": {"show": False},
            "splitLine": {"show": False},
        },
        "series": [_series(line, index) for index, line in enumerate(trend.lines)],
    }


def description(trend: Trend) -> str:
    """The chart in words, for readers who cannot see it."""
    parts = []
    for line in trend.lines:
        known = [
            (month, value)
            for month, value in zip(trend.months, line.values, strict=True)
            if value is not None
        ]
        if known:
            month, value = known[-1]
            parts.append(f"{line.name}{_month(month)}为{plain_number(value)}{trend.unit}")
    return f"{trend.title}：{'；'.join(parts) or '暂无数据'}。"


def _month(text: str) -> str:
    year, month = text.split("-")
    return f"{year}年{int(month)}月"


def _month_labels(months: tuple[str, ...]) -> list[str]:
    """7月, with the year under the first month shown and under every January."""
    labels = []
    for index, text in enumerate(months):
        year, month = text.split("-")
        with_year = index == 0 or int(month) == 1
        labels.append(f"{int(month)}月" + (f"\n{year}年" if with_year else ""))
    return labels


def _series(line: TrendLine, index: int) -> dict[str, Any]:
    colour, dash, symbol = STYLES[index % len(STYLES)]
    last = max((at for at, value in enumerate(line.values) if value is not None), default=-1)
    every = len(line.values) <= MOST_LABELS
    return {
        "type": "line",
        "name": line.name,
        "data": [_point(value, every or at == last) for at, value in enumerate(line.values)],
        "symbol": symbol,
        "symbolSize": 7,
        "showAllSymbol": True,
        "lineStyle": {"color": colour, "type": dash, "width": 2},
        "itemStyle": {"color": colour},
        "endLabel": {
            "show": True,
            "formatter": line.name,
            "color": INK,
            "fontSize": 12,
            "width": WIDEST_NAME,
            "overflow": "truncate",
        },
        "labelLayout": {"hideOverlap": True},
    }


def _point(value: Decimal | None, labelled: bool) -> Any:
    if value is None:
        return "-"
    # A coordinate may be a float; the label is the exact figure.
    at: int | float = int(value) if value == value.to_integral_value() else float(value)
    return {
        "value": at,
        "label": {
            "show": labelled,
            "position": "top",
            "formatter": plain_number(value),
            "color": INK,
            "fontSize": 12,
        },
    }
