"""Checked rows of units and people, and what every check of a cell shares. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from lab.enrolment.rules.columns import SheetColumn
from lab.importing.rules.findings import CellMessage
from lab.importing.rules.worksheets import ParsedTable, TableNote
from lab.web.typed.text import TextError, check_characters, displayable, normalise

_LOST = re.compile(r"[?？]")
_SEVERAL = re.compile(r"[\n、，,;；/]")


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
        row = CheckedRow(number, {c.field: _clean(given.get(c.field, ""), c) for c in columns})
        for note in notes.get(number, ()):
            (row.reject if note.error else row.warn)(note.field, note.message)
        for column in columns:
            _check_characters(row, column, given.get(column.field, ""))
            _check_length(row, column)
        yield row


def _clean(text: str, column: SheetColumn) -> str:
    """Return a cell in one line, letters and digits of the usual width where it has only these."""
    line = " ".join(normalise(text).split())
    return unicodedata.normalize("NFKC", line) if column.in_letters else line


def _check_characters(row: CheckedRow, column: SheetColumn, text: str) -> None:
    """Reject what the forms reject, and a name of several people or of lost characters."""
    if row.has_error(column.field):
        return
    try:
        check_characters(text)
    except TextError as error:
        row.reject(column.field, str(error))
        row.cells[column.field] = displayable(row.cells[column.field])
        return
    if column.is_name and _LOST.search(text):
        # In other cells a question mark may be meant, and the reader only asks.
        row.warnings = [warning for warning in row.warnings if warning.field != column.field]
        row.reject(column.field, "有问号，多半是另存时丢失的字。请对照原件补上。")
    elif column.is_person and _SEVERAL.search(normalise(text)):
        row.reject(column.field, "像是写了几个人。请一行写一个人；是一个人的，请写在一行里。")


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
