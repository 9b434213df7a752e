"""The indicator panel of a project's page, and what in it needs attention."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType
from typing import Any

from flask import url_for

from lab.indicators.access import may_see_unconfirmed
from lab.indicators.approval.queries import counts_by_state
from lab.indicators.figures import columns
from lab.indicators.figures.history import (
    FigureHistory,
    IndicatorHistory,
    figure_history,
)
from lab.indicators.figures.narratives import Narrative, narratives_of
from lab.indicators.rules.lifecycle import EntryStatus
from lab.policy import Resource
from lab.portfolio.core.extension_points import Attention, Panel
from lab.web.request.guards import can


@dataclass(frozen=True)
class IndicatorPanel:
    """Columns and rows of the table, and the one indicator that is drawn, None when none has two
    figures."""

    key: str
    columns: ModuleType
    history: FigureHistory
    charted: IndicatorHistory | None
    option: Any
    latest_narrative: Narrative | None


def indicator_panel(project_id: int, key: str, resource: Resource) -> Panel:
    """Return the panel: latest approved figures, targets, and a chart of twelve periods each."""
    figures = figure_history(project_id)
    charted = next((row for row in figures.rows if row.is_chartable), None)
    confirmed_only = not may_see_unconfirmed(resource)
    latest = next(iter(narratives_of(project_id, 1, confirmed_only=confirmed_only)), None)
    data = IndicatorPanel(key, columns, figures, charted, figures.chart(charted), latest)
    return Panel("indicators/figures/_panel.html", data, 10)


def indicator_attention(project_id: int, key: str, resource: Resource) -> tuple[Attention, ...]:
    """Return the figures of the project that wait for this person."""
    counts = counts_by_state(project_id)
    check = url_for("indicators.check", key=key)
    offers = (
        (EntryStatus.SUBMITTED, "indicator.confirm", "项数据待组长确认。", check, "确认"),
        (EntryStatus.CONFIRMED, "indicator.approve", "项数据待实施办公室核定。", check, "核定"),
        (
            EntryStatus.RETURNED,
            "indicator.enter",
            "项数据被退回，请修改后再提交。",
            url_for("indicators.history_page", key=key) + "#returned",
            "查看",
        ),
    )
    return tuple(
        Attention("blue", f"有{counts[state]}{text}", url, action)
        for state, action_name, text, url, action in offers
        if counts.get(state) and can(action_name, resource)
    )
