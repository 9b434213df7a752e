"""What addresses below a project name: a month, an entry. The project's own guard rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from lab.extensions import db
from lab.indicators.models import Entry
from lab.indicators.rules import months
from lab.policy import OFFICE, Actor, Resource
from lab.portfolio.access import load_project
from lab.portfolio.models.project import Project
from lab.web.request.guards import LoadedResource, actor


@dataclass(frozen=True)
class Month:
    """One month of one project."""

    project: Project
    end: date

    @property
    def key(self) -> str:
        """As the audit names it."""
        return self.project.key

    @property
    def code(self) -> str:
        """As addresses carry it: 2022-09."""
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
    """The month of an address (…/2022-09), None when there is none."""
    loaded, end = load_project(actor, key), months.parse_month(period)
    if loaded is None or end is None:
        return None
    return LoadedResource(Month(loaded.obj, end), loaded.subject, "indicator.view")


def load_project_figures(actor: Actor, key: str) -> LoadedResource | None:
    """The project, for pages that show its figures."""
    loaded = load_project(actor, key)
    return loaded and LoadedResource(loaded.obj, loaded.subject, "indicator.view")


def load_entry(actor: Actor, key: str, entry_key: str) -> LoadedResource | None:
    """An entry of the project of an address, None when there is none."""
    loaded = load_project(actor, key)
    if loaded is None:
        return None
    entry = db.session.scalar(
        select(Entry).where(Entry.key == entry_key, Entry.project_id == loaded.obj.id)
    )
    if entry is None:
        return None
    return LoadedResource(OneEntry(loaded.obj, entry), loaded.subject, "indicator.view")


def may_see_unconfirmed(resource: Resource) -> bool:
    """Whether this person reads a month's words before the team's leader has confirmed them: the
    team and the office do, leaders do not."""
    near = resource.relations & {"team_leader", "team_member"}
    return OFFICE in actor().roles or bool(near)
