"""Reads for the list of projects and for the page of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from lab import clock
from lab.policy import LEADING, OFFICE, Actor, Resource
from lab.portfolio.core import extension_points
from lab.portfolio.core.extension_points import Attention, Panel
from lab.portfolio.core.state_log import StateEntry, assumed_note, state_log
from lab.portfolio.models.project import Project
from lab.portfolio.pages import queries
from lab.portfolio.pages.batch_counts import BatchCount, batch_counts
from lab.portfolio.pages.late_records import late_notes
from lab.portfolio.pages.queries import Filters
from lab.portfolio.pages.queries_project import ProjectPage, project_page
from lab.portfolio.rules.actions import NEXT_GATE, ProjectAction, lifecycle_steps
from lab.portfolio.rules.status_light import TROUBLED
from lab.web.pages.pagination import Page, paginate_list

PROJECTS_PER_PAGE = 50


@dataclass(frozen=True)
class PortfolioPage:
    """The list of projects as of the end of a day.

    `rows` is a page of the list, `batches` count every project before filtering. `sees_all`: the
    reader sees every project, not a team's own. `past` is the day in ISO form unless it is today;
    `before_records`: nothing is known of it yet. `read_at` is the moment of reading. `assumed` and
    `late` say what is only assumed of the day and what was recorded after it. `filtered`: something
    narrows the list.
    """

    rows: Page
    batches: Sequence[BatchCount]
    sees_all: bool
    day: date
    past: str | None
    before_records: bool
    read_at: datetime
    assumed: str
    late: tuple[tuple[int, str], ...]
    filtered: bool


def portfolio_page(
    reader: Actor, filters: Filters, day: date, args: Mapping[str, str], *, before_records: bool
) -> PortfolioPage:
    """Return the list; `before_records` where nothing is known of the day yet."""
    listed = queries.project_list(reader, filters, day)
    sees_all = bool(reader.roles & {OFFICE, LEADING})
    rows = paginate_list(listed.rows, args, size=PROJECTS_PER_PAGE)
    counts = (
        ()
        if before_records
        else batch_counts(listed.all_rows, day, complete=sees_all, call_id=filters.call_id)
    )
    names = {row.id: row.name for row in rows.items}
    return PortfolioPage(
        rows=rows,
        batches=counts,
        sees_all=sees_all,
        day=day,
        past=day.isoformat() if day < clock.today() else None,
        before_records=before_records,
        read_at=clock.now(),
        assumed=assumed_note(names, day),
        late=late_notes(names, day),
        filtered=any((filters.call_id, filters.state, filters.light)),
    )


@dataclass(frozen=True)
class ProjectOverview:
    """The page of a project.

    `lifecycle_steps` is the strip of its states, `next_gate` what the next state asks, `actions`
    what the reader may do. `attention` is shown first, `panels` are what other features draw;
    `states` is the record, newest first.
    """

    project: ProjectPage
    lifecycle_steps: list[tuple[str, str, None]]
    next_gate: str
    actions: Sequence[ProjectAction]
    attention: Sequence[Attention]
    panels: Sequence[Panel]
    states: tuple[StateEntry, ...]


def project_overview(
    project: Project, resource: Resource, actions: Sequence[ProjectAction]
) -> ProjectOverview:
    """Return the page of a project.

    `resource` is the project as the policy sees it, `actions` what it allows.
    """
    page = project_page(project)
    published = page.published_state
    return ProjectOverview(
        project=page,
        lifecycle_steps=lifecycle_steps(page.state.code, published.code if published else None),
        next_gate=NEXT_GATE[page.state.code],
        actions=actions,
        attention=_attention(page, resource),
        panels=extension_points.panels(page.id, page.key, resource),
        states=state_log(page.id),
    )


def _attention(page: ProjectPage, resource: Resource) -> list[Attention]:
    """Return what the page shows first: reasons of the light, then other features' items."""
    grounds = [
        Attention(reason.color, reason.message)
        for reason in page.light.reasons
        if reason.color in TROUBLED
    ]
    return [*grounds, *extension_points.attention(page.id, page.key, resource)]
