"""Reads for the list of reports."""

from __future__ import annotations

from collections.abc import Mapping

from lab.extensions import db
from lab.policy import Actor
from lab.reports.leading import queries
from lab.reports.leading.access import readable_by
from lab.reports.models import Report
from lab.web.pages.pagination import Page, paginate

REPORTS_PER_PAGE = 20


def list_reports(reader: Actor, args: Mapping[str, str]) -> Page:
    """Return a page of the reports the reader may read, newest first."""
    page = paginate(
        queries.list_query().where(readable_by(reader)),
        [Report.id.desc()],
        args,
        session=db.session(),
        size=REPORTS_PER_PAGE,
    )
    return page.map(queries.list_row)
