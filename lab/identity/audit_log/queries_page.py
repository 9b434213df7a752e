"""Reads for the page of the audit log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lab.audit.queries import AuditFilter, list_lines
from lab.web.pages.pagination import Page


@dataclass(frozen=True)
class AuditLogPage:
    """A page of the log's lines; `filtered`: something narrows the list."""

    lines: Page
    filtered: bool


def audit_log_page(criteria: AuditFilter, args: Mapping[str, str]) -> AuditLogPage:
    """Return the lines that meet the criteria; `args` hold the paging cursor."""
    return AuditLogPage(list_lines(criteria, args), filtered=criteria != AuditFilter())
