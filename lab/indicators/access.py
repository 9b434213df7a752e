"""Load what addresses below a project name: a period, an entry. The project's own guard applies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from lab.extensions import db
from lab.indicators.models import Entry
from lab.indicators.rules import months
from lab.policy import OFFICE, Actor, Resource
from lab.portfolio.access import load_below
from lab.portfolio.models.project import Project
from lab.web.request.guards import LoadedResource, actor

VIEW = "indicator.view"


@dataclass(frozen=True)
class Month:
    """One month of one project."""

    project: Project
    end: date

    @property
    def key(self) -> str:
        """The key in the audit log."""
        return self.project.key

    @property
    def code(self) -> str:
        """The period as addresses carry it: 2022-09."""
        return months.month_code(self.end)


@dataclass(frozen=True)
class OneEntry:
    """One entry of one project."""

    project: Project
    entry: Entry

    @property
    def key(self) -> str:
        return self.entry.key


def load_month(actor: Actor, key: str, period: str) -> LoadedResource | None:
    """Load the period of an address (…/2022-09), None when there is none."""
    end = months.parse_month(period)
    return load_below(actor, key, VIEW, lambda project: Month(project, end) if end else None)


def load_project_figures(actor: Actor, key: str) -> LoadedResource | None:
    """Load the project for pages that show its figures."""
    return load_below(actor, key, VIEW, lambda project: project)


def load_entry(actor: Actor, key: str, entry_key: str) -> LoadedResource | None:
    """Load an entry of the project of an address, None when there is none."""
    return load_below(actor, key, VIEW, lambda project: _find_entry(project, entry_key))


def _find_entry(project: Project, key: str) -> OneEntry | None:
    entry = db.session.scalar(select(Entry).where(Entry.key == key, Entry.project_id == project.id))
    return OneEntry(project, entry) if entry else None


def may_see_unconfirmed(resource: Resource) -> bool:
    """Return whether this person may read a narrative before the team's leader has confirmed it.

    Team and office may, leaders of other tiers may not.
    """
    near = resource.relations & {"team_leader", "team_member"}
    return OFFICE in actor().roles or bool(near)
