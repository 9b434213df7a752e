"""Writes of the two steps: what a person says of the headings and of the columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lab import audit, clock
from lab.db import expect_version, upsert
from lab.extensions import db
from lab.importing.models import ImportMapping, ImportUpload
from lab.importing.rules.headings import heading_key
from lab.importing.rules.plan import ColumnPlan, factors
from lab.importing.targets import ImportTarget, target_of


def save_heading(
    upload: ImportUpload, version: int, *, sheet: str, head: int, last: int | None
) -> None:
    """Store the name of the worksheet, its row of headings and its last row (None: to the end).

    Both are counted from 1. Columns chosen for the same headings stay. Raises EditConflict when
    somebody else saved.
    """
    expect_version(upload, version)
    kept = ColumnPlan(sheet, head, last)
    if upload.plan and (upload.plan["sheet"], upload.plan["head"]) == (sheet, head):
        upload.plan = {**upload.plan, "last": last}
    else:
        upload.plan = kept.to_json()
    audit.record("upload.heading", upload, detail={"heading_row": head})


@dataclass(frozen=True)
class ColumnChoice:
    """What a person chose: the way of taking rows, and column -> field ("" for none)."""

    mode: str
    columns: Mapping[int, str]
    headings: Mapping[int, str]
    stand_in: int | None = None


def save_columns(
    upload: ImportUpload, version: int, choice: ColumnChoice, person_id: int, unit_id: int | None
) -> str:
    """Store the columns, remember them for the unit, begin the dry run; return its key.

    The import's own audit line says what was begun.

    Raises EditConflict when somebody else saved, Rejected when the import takes none now.
    """
    expect_version(upload, version)
    target = target_of(upload.target)
    taken = {column: field for column, field in choice.columns.items() if field}
    plain = upload.plan or {}
    plan = ColumnPlan(
        sheet=plain["sheet"],
        head=plain["head"],
        last=plain["last"],
        mode=choice.mode,
        columns=taken,
        headings={column: choice.headings[column] for column in taken},
        factors=factors(taken, choice.headings, target.fields),
        stand_in=choice.stand_in,
    )
    upload.plan = plan.to_json()
    if unit_id is not None:
        _remember(target, unit_id, choice)
    return target.check(upload, plan, person_id)


def _remember(target: ImportTarget, unit_id: int, choice: ColumnChoice) -> None:
    """Store what was chosen for each heading; what was chosen for others stays.

    Two people of a unit may choose at once: the later choice holds.
    """
    chosen = {
        heading_key(text): choice.columns.get(column, "")
        for column, text in reversed([*choice.headings.items()])
        if heading_key(text)
    }
    if not chosen:
        return
    about = {"target": target.code, "unit_id": unit_id, "chosen_at": clock.now()}
    # In one order, so that neither of two waits for the other.
    rows = [{**about, "heading": heading, "field": chosen[heading]} for heading in sorted(chosen)]
    statement = upsert(db.session(), ImportMapping).values(rows)
    db.session.execute(
        statement.on_conflict_do_update(
            index_elements=["target", "unit_id", "heading"],
            set_={name: statement.excluded[name] for name in ("field", "chosen_at")},
        )
    )
