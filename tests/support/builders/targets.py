"""Targets of a project that are set anew after its approval."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from lab import audit
from lab.extensions import db
from lab.portfolio.core.history import first_days
from lab.portfolio.core.recording import by_indicator, record_target
from lab.portfolio.models.history import TargetRevision
from lab.portfolio.models.project import Project, Target


def set_targets(project: Project, targets: Iterable[Mapping[str, Any]]) -> None:
    """Set exactly these targets of a project: indicator, base, target, starts_on, due_on.

    Several of one indicator are its stages, by due date. The first ones of an indicator are valid
    from the project's first day, later ones from today.
    """
    before = {code: _staged(rows) for code, rows in by_indicator(project.targets).items()}
    project.targets.clear()
    db.session.flush()  # a stage goes before another of the same date comes
    project.targets += [
        Target(
            indicator=item["indicator"],
            base=item.get("base", Decimal(0)),
            target=item["target"],
            starts_on=item.get("starts_on"),
            due_on=item["due_on"],
        )
        for item in targets
    ]
    db.session.flush()
    now, first = by_indicator(project.targets), first_days([project.id]).get(project.id)
    existing_codes = set(
        db.session.scalars(
            select(TargetRevision.indicator).where(TargetRevision.project_id == project.id)
        )
    )
    for code in sorted(before.keys() | now.keys()):
        if before.get(code) != _staged(now.get(code, [])):
            record_target(
                project, code, now.get(code, []), None if code in existing_codes else first
            )
    audit.record("project.targets", project, detail={"count": len(project.targets)})


def _staged(rows: Iterable[Target]) -> list[tuple[Any, ...]]:
    return [(row.base, row.target, row.starts_on, row.due_on) for row in rows]
