"""Binds the indicators to the app and tells the portfolio what they know."""

from __future__ import annotations

from flask import Flask

from lab.indicators import blueprint
from lab.indicators.approval import views as approval_views
from lab.indicators.entry import views as entry_views
from lab.indicators.entry import views_narrative
from lab.indicators.figures import indicator_panel, target_progress
from lab.indicators.figures import views as figures_views
from lab.indicators.locking import views as locking_views
from lab.portfolio.core import sources

PAGES = (
    figures_views,
    approval_views,
    entry_views,
    locking_views,
    views_narrative,
)  # their import adds addresses


def init(app: Flask) -> None:
    """Register the pages and what projects' pages and lights read."""
    sources.register(
        "indicators",
        target_progress=target_progress.target_progress,
        reports=target_progress.reports,
        panel=indicator_panel.indicator_panel,
        attention=indicator_panel.attention,
    )
    app.register_blueprint(blueprint.bp)
