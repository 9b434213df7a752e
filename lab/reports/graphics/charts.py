"""The trend chart: one option for screen and paper, and its SVG for paper.

Lines differ by dash, symbol and a direct label, so that a greyscale print loses nothing.
"""

from __future__ import annotations

import base64
import os
import re
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from py_mini_racer import MiniRacer

from lab.filesystem import ROOT
from lab.reports.content.leading import Trend, TrendLine
from lab.reports.content.wording import grouped_number, plain_number

LIBRARY = ROOT / "static" / "vendor" / "echarts" / "echarts.min.js"
FONT = "Noto Sans CJK SC"
INK, GREY = "#1a1a1a", "#595959"
# Dark enough and far enough apart in grey; dash and symbol carry the difference anyway.
STYLES = (
    ("#0f4c81", "solid", "circle"),
    ("#8a3b12", "dashed", "rect"),
    ("#4a4a4a", "dotted", "triangle"),
    ("#2f6b3a", [8, 3, 2, 3], "diamond"),
)
DRAW_SECONDS = 10
MAX_NAME_WIDTH = 130  # pixels kept on the right for the name of a line
MAX_LABELS = 12
CARRIED_NOTE = "空心点为沿用此前月份的数据，当月没有新核定的数据"
MISSING_MESSAGE = "图表组件不在，请重新运行安装程序 bin/setup。"
_DRAW = """function draw(option, width, height) {
  var chart = echarts.init(null, null, {renderer: 'svg', ssr: true, width: width, height: height});
  try { chart.setOption(option); return chart.renderToSVGString(); } finally { chart.dispose(); }
}"""


class ChartFailed(Exception):
    """The chart library is missing or could not draw; the message is a Chinese sentence."""


def trend_option(trend: Trend) -> dict[str, Any]:
    """Return the ECharts option of the trend chart: plain JSON, no functions, no animation."""
    longest = max((len(line.name) for line in trend.lines), default=0)
    names_width = min(longest * 13, MAX_NAME_WIDTH)
    return {
        "animation": False,
        "textStyle": {"fontFamily": FONT, "color": INK, "fontSize": 12},
        "aria": {"enabled": True, "label": {"description": describe_chart(trend)}},
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
            # The library parts thousands by commas: 19,146, as the points and tables do.
            "axisLabel": {"color": INK, "fontSize": 11},
            "axisLine": {"show": True, "lineStyle": {"color": GREY}},
            "splitLine": {"lineStyle": {"color": "#d9d9d9", "width": 0.6}},
        },
        "series": [_series(line, trend.months, at) for at, line in enumerate(trend.lines)],
    }


def describe_chart(trend: Trend) -> str:
    """Describe the chart for readers who cannot see it."""
    parts = []
    for line in trend.lines:
        points = [
            (month, value)
            for month, value in zip(trend.months, line.values, strict=True)
            if value is not None
        ]
        if points:
            month, value = points[-1]
            parts.append(f"{line.name}{_month(month)}为{plain_number(value)}{trend.unit}")
    noted = carried_note(trend)
    return f"{trend.title}：{'；'.join(parts) or '暂无数据'}。" + (f"{noted}。" if noted else "")


def carried_note(trend: Trend) -> str | None:
    """Return what the hollow points mean; None without any."""
    return CARRIED_NOTE if any(line.carried for line in trend.lines) else None


def render_svg(option: dict[str, Any], width: int, height: int, *, library: Path = LIBRARY) -> str:
    """Render the chart as SVG text, `width` by `height` CSS pixels; equal options give equal text.

    Raises ChartFailed when the library is missing or exceeds its time.
    """
    preload(library)
    try:
        drawn = _engine(library, os.getpid()).call(
            "draw", option, width, height, timeout_sec=DRAW_SECONDS
        )
    except Exception as error:
        raise ChartFailed("图表没有画成。") from error
    # Names inside the text count the charts drawn so far; a reprint must not differ.
    text = re.sub(r' class="zr[^"]*"|<style >.*?</style>', "", str(drawn), flags=re.DOTALL)
    return re.sub(r"zr\d+-", "zr0-", text)


def preload(library: Path = LIBRARY) -> None:
    """Preload the chart library in this process. Raises ChartFailed when it is missing."""
    try:
        _engine(library, os.getpid())
    except OSError as error:
        raise ChartFailed(MISSING_MESSAGE) from error


def data_url(svg_text: str) -> str:
    """Return the SVG as a data: address for an image (half the cost of inline SVG in a PDF)."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg_text.encode()).decode()


@cache
def _engine(library: Path, _process: int) -> MiniRacer:
    """Return this process's engine, created on first use.

    An engine created before a fork hangs after it.
    """
    engine = MiniRacer()
    engine.eval(library.read_text(encoding="utf-8"))
    engine.eval(_DRAW)
    return engine


def _month(text: str) -> str:
    year, month = text.split("-")
    return f"{year}年{int(month)}月"


def _month_labels(months: tuple[str, ...]) -> list[str]:
    """Label as 7月, with the year below the first shown month and every January."""
    labels = []
    for index, text in enumerate(months):
        year, month = text.split("-")
        with_year = index == 0 or int(month) == 1
        labels.append(f"{int(month)}月" + (f"\n{year}年" if with_year else ""))
    return labels


def _series(line: TrendLine, months: tuple[str, ...], index: int) -> dict[str, Any]:
    colour, dash, symbol = STYLES[index % len(STYLES)]
    last = max((at for at, value in enumerate(line.values) if value is not None), default=-1)
    every = len(line.values) <= MAX_LABELS
    hollow = f"empty{symbol.capitalize()}"
    side = "bottom" if index else "top"  # so that figures of two lines do not meet
    return {
        "type": "line",
        "name": line.name,
        "data": [
            _point(value, every or at == last, hollow if months[at] in line.carried else None, side)
            for at, value in enumerate(line.values)
        ],
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
            "width": MAX_NAME_WIDTH,
            "overflow": "truncate",
        },
        "labelLayout": {"hideOverlap": True},
    }


def _point(value: Decimal | None, labelled: bool, symbol: str | None, side: str) -> Any:
    if value is None:
        return "-"
    # A coordinate may be a float; the label is the exact figure.
    at: int | float = int(value) if value == value.to_integral_value() else float(value)
    point = {"value": at} if symbol is None else {"value": at, "symbol": symbol}
    return {
        **point,
        "label": {
            "show": labelled,
            "position": side,
            "formatter": grouped_number(value),
            "color": INK,
            "fontSize": 12,
        },
    }
