"""Binds the portfolio to the app and to the decisions that fill it."""

from __future__ import annotations

from typing import Any

from flask import Flask

from lab.decisions.models import Decision
from lab.decisions.signals import decision_approved, decision_published
from lab.portfolio import blueprint
from lab.portfolio.charter import creation
from lab.portfolio.charter import views as charter_views
from lab.portfolio.pages import views as pages_views
from lab.portfolio.status import views as status_views
from lab.provenance import PROVENANCE_LABELS

PAGES = (pages_views, status_views, charter_views)  # their import adds addresses to the blueprint


def _on_approved(_sender: Any, decision: Decision, **_rest: Any) -> None:
    creation.create_projects(decision)


def _on_published(_sender: Any, decision: Decision, **_rest: Any) -> None:
    creation.announce_projects(decision)


def init(app: Flask) -> None:
    """Register the pages; approval makes projects, publication opens them to their teams."""
    decision_approved.connect(_on_approved)
    decision_published.connect(_on_published)
    app.register_blueprint(blueprint.bp)
    app.jinja_env.globals["provenance_labels"] = PROVENANCE_LABELS
