"""Binds the indicators to the app and tells the portfolio what they know."""

from __future__ import annotations

from flask import Flask

from lab.indicators import (
    blueprint,
    panel,
    standing,
    views,
    views_check,
    views_entry,
    views_lock,
    views_text,
)
from lab.portfolio import sources

PAGES = (
    views,
    views_check,
    views_entry,
    views_lock,
    views_text,
)  # their import adds addresses


def init(app: Flask) -> None:
    """Register the pages and what projects' pages and lights read."""
    sources.register(
        "indicators",
        standings=standing.standings,
        reports=standing.reports,
        panel=panel.panel,
        attention=panel.attention,
    )
    app.register_blueprint(blueprint.bp)
