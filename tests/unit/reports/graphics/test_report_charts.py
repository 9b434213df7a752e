"""The trend chart reads on a grey print and shows exact figures."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from lab.reports.content.leading import Trend, TrendLine
from lab.reports.graphics import charts
from tests.support.documents.report_cases import demo_report


def _trend() -> Trend:
    trend = demo_report().trend
    assert trend is not None
    return trend


def _drawn(trend: Trend) -> str:
    return charts.render_svg(charts.trend_option(trend), 590, 210)


def test_the_option_is_plain_json_for_the_screen() -> None:
    option = charts.trend_option(_trend())
    assert json.loads(json.dumps(option)) == option


def test_lines_differ_without_colour() -> None:
    series: list[dict[str, Any]] = charts.trend_option(_trend())["series"]
    assert len({(json.dumps(one["lineStyle"]["type"]), one["symbol"]) for one in series}) == 2


def test_every_figure_and_both_names_stand_beside_the_lines() -> None:
    texts = re.findall(r"<text[^>]*>([^<]*)</text>", _drawn(_trend()))
    for wanted in ("4,210", "31,208", "9,118", "个人钱包", "其中硬钱包", "单位：个", "12月"):
        assert wanted in texts
    assert "30,000" in texts, "the axis carries figures, thousands parted"
    assert not any(re.search("[A-Za-z]", text) for text in texts)


def test_a_month_without_a_figure_leaves_a_gap() -> None:
    option = charts.trend_option(_trend())
    assert option["series"][1]["data"][0] == "-"


def test_labels_keep_the_digits_a_float_would_lose() -> None:
    value = Decimal("12345678901234567.89")
    trend = replace(_trend(), months=("2022-12",), lines=(TrendLine("金额", (value,)),))
    point = charts.trend_option(trend)["series"][0]["data"][0]
    assert point["label"]["formatter"] == "12,345,678,901,234,567.89"


def test_the_same_chart_drawn_twice_is_the_same_text() -> None:
    assert _drawn(_trend()) == _drawn(_trend())


def test_markup_in_a_name_stays_text() -> None:
    trend = replace(_trend(), lines=(TrendLine("<image href='x'/>", (Decimal(1),) * 6),))
    assert "<image" not in _drawn(trend)


def test_a_very_long_name_leaves_room_for_the_line() -> None:
    trend = replace(_trend(), lines=(TrendLine("很长的名称" * 40, (Decimal(1),) * 6),))
    assert charts.trend_option(trend)["grid"]["right"] <= 150
    assert "很长的名称" * 10 not in _drawn(trend)


def test_the_chart_has_a_text_description() -> None:
    assert charts.describe_chart(_trend()) == (
        "【演示】开立个人钱包累计走势：个人钱包2022年12月为31208个；其中硬钱包2022年12月为9118个。"
    )


def test_a_missing_chart_library_is_named(tmp_path: Path) -> None:
    with pytest.raises(charts.ChartFailed, match=r"bin/setup"):
        charts.render_svg({}, 100, 100, library=tmp_path / "absent.js")
