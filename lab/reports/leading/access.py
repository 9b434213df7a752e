"""Load the report that an address names, and say which reports a person may read."""

from __future__ import annotations

from sqlalchemy import ColumnElement, exists, select

from lab.extensions import db
from lab.policy import Actor, Resource
from lab.portfolio.access import withheld_condition
from lab.portfolio.models.history import ProjectState
from lab.portfolio.models.project import Project
from lab.reports.models import Report
from lab.web.request.guards import LoadedResource


def readable_by(actor: Actor) -> ColumnElement[bool]:
    """Return the condition under which the actor may read a report.

    It covers no project whose approval must be withheld from that actor until it is public. See
    docs/decisions/0023.
    """
    spoken_of = (
        Report.call_id.is_(None) | (Report.call_id == Project.call_id),
        ProjectState.project_id == Project.id,
        ProjectState.valid_from <= Report.cutoff,
        withheld_condition(actor),
    )
    return ~exists().where(*spoken_of)


def load_report(actor: Actor, key: str) -> LoadedResource | None:
    """Load the report with this key."""
    report = db.session.scalar(select(Report).where(Report.key == key, readable_by(actor)))
    if report is None:
        return None
    return LoadedResource(report, Resource("report", report.status), "report.view")
