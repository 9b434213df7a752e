"""Binds reports to the app, and papers to the submissions they print."""

from __future__ import annotations

from typing import Any

from flask import Flask

from lab.jobs import service as jobs
from lab.proposals.models import Proposal, ProposalVersion
from lab.proposals.signals import proposal_submitted
from lab.reports import papers, service, views, views_papers


def _on_submitted(_sender: Any, proposal: Proposal, version: ProposalVersion, **_rest: Any) -> None:
    papers.order_all(proposal, version)


def init(app: Flask) -> None:
    """Register the report centre, the papers of proposals and the rendering jobs."""
    jobs.handler(service.JOB, service.render, service.render_failed)
    jobs.handler(papers.JOB, papers.render, papers.render_failed)
    proposal_submitted.connect(_on_submitted)
    app.register_blueprint(views.bp)
    app.register_blueprint(views_papers.bp)
