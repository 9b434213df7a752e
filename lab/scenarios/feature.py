"""Binds scenarios and merchants to the app and tells the features below what they know."""

from __future__ import annotations

from flask import Flask

from lab.indicators.validation import checks
from lab.portfolio.core import sources
from lab.scenarios import queries, views, views_merchants, views_shared

PAGES = (views, views_merchants, views_shared)  # their import adds addresses to the blueprint


def init(app: Flask) -> None:
    """Register the pages, the part of a project's page, and the count of contracts."""
    sources.register("scenarios", panel=views.scenario_panel)
    checks.count_signed_by(queries.signed_merchants)
    app.register_blueprint(views.bp)
