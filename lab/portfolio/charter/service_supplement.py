"""Supplements to what was published about a project."""

from __future__ import annotations

from lab import audit, clock
from lab.db import bump_version, expect_version
from lab.extensions import db
from lab.portfolio.models.project import Project
from lab.portfolio.models.supplement import ProjectSupplement
from lab.rejected import Rejected


def add_supplement(
    project: Project,
    version: int | None,
    *,
    background: str,
    mode: str,
    practice: str,
    outcome: str,
    person_id: int,
) -> None:
    """Add a supplement to the published texts of a project, with its author and time.

    The published texts stay as they are. Raises Rejected for a project that was not published,
    whose texts can be edited; EditConflict when the project changed since it was shown.
    """
    if not project.source_label:
        raise Rejected("此项目的材料可以直接编辑。")
    expect_version(project, version)
    row = ProjectSupplement(
        project_id=project.id,
        background=background,
        mode=mode,
        practice=practice,
        outcome=outcome,
        written_by_id=person_id,
        written_at=clock.now(),
    )
    db.session.add(row)
    bump_version(project)
    audit.record("project.supplement", project, detail={"outcome_length": len(outcome)})
