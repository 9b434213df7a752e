"""Cells of the office's own workbooks as the forms want them. Pure.

The template has one line for each person and each item of the budget; last year's table has names
side by side and the sum alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from lab.importing.rules.units import converted
from lab.importing.rules.worksheets import ParsedTable, TableNote
from lab.proposals.rules.bulk_import.parsing import join_parts

BUDGET, BUDGET_TOTAL, PEOPLE = "budget", "budget_total", "people"
TOTAL_LABEL = "预算合计"
_BETWEEN_NAMES = re.compile(r"[、，,;；/\n]+")


def adapted(table: ParsedTable, factors: Mapping[str, int]) -> ParsedTable:
    """Return the table with numbers in the fields' units and cells in the forms' shape.

    `factors` is field -> by what its numbers are multiplied.
    """
    rows = tuple(
        (
            number,
            tuple(
                _cell(name, text, factors) for name, text in zip(table.fields, cells, strict=True)
            ),
        )
        for number, cells in table.rows
    )
    fields = tuple(BUDGET if name == BUDGET_TOTAL else name for name in table.fields)
    notes = tuple(
        TableNote(note.row, BUDGET if note.field == BUDGET_TOTAL else note.field, *note[2:])
        for note in table.notes
    )
    originals = {
        (number, column): before
        for (number, cells), (_, changed) in zip(table.rows, rows, strict=True)
        for column, before, after in zip(table.columns, cells, changed, strict=False)
        if before != after
    }
    originals = {**table.originals, **originals}
    return replace(table, fields=fields, rows=rows, notes=notes, originals=originals)


def _cell(name: str, text: str, factors: Mapping[str, int]) -> str:
    text = converted(text, factors.get(name, 1))
    if not text.strip():
        return text
    if name == BUDGET_TOTAL:
        return join_parts([TOTAL_LABEL, text.strip()])
    if name == PEOPLE and "|" not in text and "｜" not in text:
        return "\n".join(part.strip() for part in _BETWEEN_NAMES.split(text) if part.strip())
    return text
