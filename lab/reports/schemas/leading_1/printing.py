"""A "leading-1" snapshot as HTML."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jinja2 import Environment

from lab.canonical import short
from lab.reports.graphics import charts, qr
from lab.reports.schemas.leading_1 import cells, content, trend, wording

TEMPLATE = "leading_1.html"
CHART_SIZE = (590, 210)  # CSS pixels


def html(plain: Mapping[str, Any], environment: Environment) -> str:
    """The page. Raises ValueError for a malformed snapshot, ChartFailed without its chart."""
    report = content.from_plain(plain)
    return environment.get_template(TEMPLATE).render(
        report=report,
        words=wording,
        cells=cells,
        short=short,
        chart=_chart(report),
        qr=qr.qr_data_url,
    )


def _chart(report: content.LeadingReport) -> dict[str, str] | None:
    if report.trend is None or report.trend.empty:
        return None
    drawn = charts.render_svg(trend.trend_option(report.trend), *CHART_SIZE)
    return {"url": charts.data_url(drawn), "text": trend.description(report.trend)}
