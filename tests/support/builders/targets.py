"""Targets of a project: set anew after its approval, and measured halfway."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from lab import audit
from lab.extensions import db
from lab.portfolio.core.history import first_days
from lab.portfolio.core.recording import by_indicator, record_target
from lab.portfolio.models.history import TargetRevision
from lab.portfolio.models.project import Project, Target
from lab.portfolio.rules.prorated_target import TargetMeasure

START, END = date(2022, 7, 1), date(2022, 12, 31)
TODAY = date(2022, 9, 30)  # half of the time has passed


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


def wallet_measure(actual: str | None, target: str = "200", **changes: Any) -> TargetMeasure:
    """The opened wallets of a project from START to END as they stand today, None: not reported."""
    end = changes.pop("end", END)
    fields = {"start": START, "as_of": TODAY, "stages": ((end, Decimal(target)),), **changes}
    value = None if actual is None else Decimal(actual)
    return TargetMeasure("开立个人钱包数", "个", actual=value, **fields)
