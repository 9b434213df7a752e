"""Binds reports to the app, and papers to the submissions they print."""

from __future__ import annotations

from typing import Any

from flask import Flask

from lab.files.service import name_owner
from lab.files.storage import DOCUMENTS
from lab.jobs import service as jobs
from lab.proposals.models import Proposal, ProposalVersion
from lab.proposals.signals import proposal_submitted
from lab.reports import papers, service, views, views_papers
from lab.reports.models import Paper, Report


def _on_submitted(_sender: Any, proposal: Proposal, version: ProposalVersion, **_rest: Any) -> None:
    papers.order_all(proposal, version)


def init(app: Flask) -> None:
    """Register the report centre, the papers of proposals and the rendering jobs."""
    jobs.handler(service.JOB, service.render, service.render_failed)
    jobs.handler(papers.JOB, papers.render, papers.render_failed)
    name_owner(DOCUMENTS, Report.file_name)
    name_owner(DOCUMENTS, Paper.file_name)
    proposal_submitted.connect(_on_submitted)
    app.register_blueprint(views.bp)
    app.register_blueprint(views_papers.bp)
