"""Reads for the page on which a project's milestones are edited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lab.portfolio.models.project import Project
from lab.portfolio.pages.queries_project import MilestoneRow, milestone_rows


@dataclass(frozen=True)
class MilestonesPage:
    """A project and its milestones in their order."""

    project: Project
    rows: Sequence[MilestoneRow]


def milestones_page(project: Project) -> MilestonesPage:
    """Return the milestones as they are stored."""
    return MilestonesPage(project, milestone_rows(project.id))
