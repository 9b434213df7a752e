"""Checked rows of units and people, and what every check of a cell shares. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from lab.enrolment.rules.columns import SheetColumn
from lab.importing.rules.findings import CellMessage
from lab.importing.rules.worksheets import ParsedTable, TableNote
from lab.web.typed.text import normalise


@dataclass
class CheckedRow:
    """A row with its number, its cells as clean texts, and what was found.

    `exists`: it names something that is there already, and is skipped.
    """

    row: int
    cells: dict[str, str]
    errors: list[CellMessage] = field(default_factory=list)
    warnings: list[CellMessage] = field(default_factory=list)
    exists: bool = False

    def reject(self, name: str, message: str) -> None:
        """Note an error of a cell."""
        self.errors.append(CellMessage(name, message))

    def warn(self, name: str, message: str) -> None:
        """Note a warning of a cell."""
        self.warnings.append(CellMessage(name, message))

    def has_error(self, name: str) -> bool:
        """Return whether the cell has an error."""
        return any(error.field == name for error in self.errors)


def clean_rows(table: ParsedTable, columns: Sequence[SheetColumn]) -> Iterator[CheckedRow]:
    """Iterate over the rows with clean cells: blank and too long ones, and unreadable ones named.

    A cell that could not be read is not blamed for being blank as well.
    """
    notes: dict[int, list[TableNote]] = {}
    for note in table.notes:
        notes.setdefault(note.row, []).append(note)
    for number, texts in table.rows:
        given = dict(zip(table.fields, texts, strict=True))
        row = CheckedRow(number, {c.field: _one_line(given.get(c.field, "")) for c in columns})
        for note in notes.get(number, ()):
            (row.reject if note.error else row.warn)(note.field, note.message)
        for column in columns:
            _check_length(row, column)
        yield row


def _one_line(text: str) -> str:
    return " ".join(normalise(text).split())


def _check_length(row: CheckedRow, column: SheetColumn) -> None:
    text = row.cells[column.field]
    if not text and column.needed and not row.has_error(column.field):
        row.reject(column.field, f"没有填写。{column.rule}")
    elif len(text) > column.limit:
        row.reject(column.field, f"有{len(text)}个字符，最多{column.limit}个，请缩短。")


def reject_twins(rows: Iterable[CheckedRow], name: str, keys: Iterable[str], what: str) -> None:
    """Reject a row whose `name` repeats that of an earlier one; `keys` are what is compared."""
    first: dict[str, int] = {}
    for row, key in zip(rows, keys, strict=True):
        earlier = first.setdefault(key, row.row) if key else row.row
        if earlier != row.row:
            row.reject(name, f"与第{earlier}行的{what}相同。请删去其中一行，或改正。")
