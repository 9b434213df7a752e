"""The supplement that a published project's page shows."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lab.extensions import db
from lab.portfolio.models.supplement import ProjectSupplement


def newest_supplement(project_id: int) -> ProjectSupplement | None:
    """Return the supplement that is shown, None without one."""
    row: ProjectSupplement | None = db.session.scalar(
        select(ProjectSupplement)
        .where(ProjectSupplement.project_id == project_id)
        .options(joinedload(ProjectSupplement.written_by))
        .order_by(ProjectSupplement.id.desc())
        .limit(1)
    )
    return row
