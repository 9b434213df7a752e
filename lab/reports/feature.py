"""What reports bring: the report centre, the documents of proposals, what renders them."""

from __future__ import annotations

from typing import Any

from flask import current_app
from sqlalchemy import select

from lab.feature import Feature, NavItem
from lab.feature.status import OK, WARNING, StatusCheck, StatusLine
from lab.files.documents import service as documents
from lab.files.storing.service import FILE_NAMES, FileNames
from lab.files.storing.storage import DOCUMENTS
from lab.proposals.core.signals import proposal_submitted
from lab.proposals.models.proposal import Proposal, ProposalVersion
from lab.reports.audit_labels import AUDIT_LABELS
from lab.reports.leading import service as leading_service
from lab.reports.leading import views as leading_views
from lab.reports.models import Paper, Report
from lab.reports.proposal_documents import service as proposal_documents_service
from lab.reports.proposal_documents import views as proposal_documents_views
from lab.reports.rendering.fonts import broken_fonts, font_folders, missing_fonts


def _on_submitted(_sender: Any, proposal: Proposal, version: ProposalVersion, **_rest: Any) -> None:
    proposal_documents_service.order_documents(proposal, version)


def _fonts() -> StatusLine:
    """Report whether the official typefaces are present and intact."""
    folders = font_folders(current_app.config["SETTINGS"].font_dir)
    missing_messages = missing_fonts(folders)
    text, tone = ("缺少或损坏，已改用其他字体。", WARNING) if missing_messages else ("齐全。", OK)
    figures = {"missing": len(missing_messages), "broken": len(broken_fonts(folders))}
    return StatusLine("fonts", "公文字体", tone, text, "".join(missing_messages), figures)


FEATURE = Feature(
    "reports",
    blueprints=(leading_views.bp, proposal_documents_views.bp),
    navigation=(
        NavItem("报告", "报告中心", "reports.index", "report.list", 800),
        NavItem("报告", "核验", "reports.verify", "report.verify", 810),
    ),
    audit_labels=AUDIT_LABELS,
    jobs=(
        documents.job_kind(leading_service.DOCUMENT),
        documents.job_kind(proposal_documents_service.DOCUMENT),
    ),
    status_checks=(StatusCheck("fonts", "公文字体", _fonts),),
    receivers=((proposal_submitted, _on_submitted),),
    extensions=(
        FILE_NAMES.extended_by(FileNames(DOCUMENTS, select(Report.file_name))),
        FILE_NAMES.extended_by(FileNames(DOCUMENTS, select(Paper.file_name))),
    ),
)
