"""Reads for the page of the columns: headings, contents, what was chosen before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from lab.extensions import db
from lab.files.rules.sheet import column_letters
from lab.importing.matching.queries import HeadRow, SheetHead, UploadPage, sheet_heads, upload_page
from lab.importing.models import ImportMapping, ImportUpload
from lab.importing.rules.headings import Suggestion, suggest
from lab.importing.rules.units import heading_unit

SAMPLES = 3


@dataclass(frozen=True)
class ColumnRow:
    """A column: its heading, first contents, the unit in its heading, what it may be."""

    column: int
    heading: str
    samples: tuple[str, ...]
    unit: str
    offered: tuple[str, ...]
    remembered: bool

    @property
    def letters(self) -> str:
        """The letters of the column."""
        return f"{column_letters(self.column)}列"


@dataclass(frozen=True)
class ColumnsPage:
    """The columns below the chosen row of headings, with what is preselected."""

    base: UploadPage
    sheet: SheetHead
    head: int
    columns: tuple[ColumnRow, ...]
    chosen: Mapping[int, str]
    mode: str
    stand_in: int | None = None

    @property
    def headings(self) -> dict[int, str]:
        """Column -> heading."""
        return {row.column: row.heading for row in self.columns}


def columns_page(upload: ImportUpload, unit_id: int | None) -> ColumnsPage | None:
    """Return the page of an upload's columns, None until a row of headings is chosen."""
    plan = upload.plan
    if plan is None:
        return None
    base = upload_page(upload)
    sheet = next(sheet for sheet in sheet_heads(upload) if sheet.name == plan["sheet"])
    headings = _headings(sheet, plan["head"])
    suggestions = suggest(headings, base.target.fields, remembered(upload.target, unit_id))
    chosen = {column: suggestion.field for column, suggestion in suggestions.items()}
    if plan["mode"]:
        chosen = dict.fromkeys(headings, "") | dict(plan["columns"])
    labels = {field.key: field.label for field in base.target.fields}
    rows = tuple(
        _column_row(sheet, plan["head"], column, text, suggestions[column], labels)
        for column, text in headings.items()
    )
    mode = plan["mode"] or base.target.modes[0].code
    return ColumnsPage(base, sheet, plan["head"], rows, chosen, mode, plan.get("stand_in"))


def _headings(sheet: SheetHead, head: int) -> dict[int, str]:
    """Return the columns with a heading, or with contents below it."""
    rows = [HeadRow(n, texts) for n, texts in enumerate(sheet.rows, start=1) if n >= head]
    return {
        column: " ".join(rows[0].text(column).split())
        for column in range(1, sheet.width + 1)
        if any(row.text(column).strip() for row in rows)
    }


def _column_row(
    sheet: SheetHead,
    head: int,
    column: int,
    heading: str,
    suggestion: Suggestion,
    labels: Mapping[str, str],
) -> ColumnRow:
    below = (HeadRow(0, texts).text(column).strip() for texts in sheet.rows[head:])
    samples = tuple(dict.fromkeys(text for text in below if text))[:SAMPLES]
    offered = tuple(labels[key] for key in suggestion.offered)
    return ColumnRow(
        column, heading, samples, heading_unit(heading), offered, suggestion.remembered
    )


def remembered(target: str, unit_id: int | None) -> dict[str, str]:
    """Return heading key -> field as the unit's people chose last."""
    rows = db.session.execute(
        select(ImportMapping.heading, ImportMapping.field).where(
            ImportMapping.target == target, ImportMapping.unit_id == unit_id
        )
    )
    return {heading: field for heading, field in rows}
