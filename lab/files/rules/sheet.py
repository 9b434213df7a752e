"""What was read of a worksheet: its texts, and what had to be said about single cells. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple


class Place(NamedTuple):
    """A cell by row and column, both from 1."""

    row: int
    column: int

    def __str__(self) -> str:
        return f"{column_letters(self.column)}{self.row}"


class CellNote(NamedTuple):
    """What has to be said about one cell; `error`: its content could not be read."""

    row: int
    column: int
    message: str
    error: bool

    @property
    def addressed(self) -> str:
        """The message with the cell's address before it."""
        return f"单元格{Place(self.row, self.column)}：{self.message}"


@dataclass(frozen=True)
class Sheet:
    """The rows of a worksheet as texts, from row 1, without blank ones at the end.

    `numbers` holds, where the text of a cell carries more than a number (¥12,345.00), the number
    alone. `hidden` are the numbers of hidden rows that have content. `remarks` are sentences about
    the worksheet as a whole.
    """

    rows: tuple[tuple[str, ...], ...]
    name: str = ""
    notes: tuple[CellNote, ...] = ()
    numbers: Mapping[Place, str] = field(default_factory=dict)
    hidden: frozenset[int] = frozenset()
    remarks: tuple[str, ...] = ()

    @property
    def errors(self) -> tuple[CellNote, ...]:
        """The cells that could not be read."""
        return tuple(note for note in self.notes if note.error)


def plain_sheet(rows: Iterable[Sequence[str]]) -> Sheet:
    """Return a sheet of texts alone, without blank rows at the end."""
    texts = [tuple(row) for row in rows]
    while texts and not any(text.strip() for text in texts[-1]):
        texts.pop()
    return Sheet(tuple(texts))


def column_letters(column: int) -> str:
    """Return the letters of a column: A for 1, AA for 27."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def parse_reference(reference: str) -> Place:
    """Return the place that a reference such as B7 names; raises ValueError when it is none."""
    letters = reference.rstrip("0123456789")
    row = int(reference[len(letters) :])
    if not letters.isalpha() or not letters.isascii() or len(letters) > 3 or not row:
        raise ValueError(reference)
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - 64
    return Place(row, column)


def number_list(numbers: Iterable[int], most: int = 5) -> str:
    """Return row numbers as 第3、7行; beyond `most` of them, how many there are in all."""
    every = sorted(numbers)
    shown = "、".join(str(number) for number in every[:most])
    return f"第{shown}行" if len(every) <= most else f"第{shown}行等{len(every)}行"


def hidden_problem(numbers: Iterable[int]) -> str:
    """Return what to do about rows that the sheet hides."""
    return f"{number_list(numbers)}被隐藏了。请取消隐藏或删去这些行，保存后再上传。"


def reading_problem(sheet: Sheet) -> str:
    """Return why the sheet cannot be taken over whole: unreadable cells, hidden rows; or ""."""
    sentences = [note.addressed for note in sheet.errors[:3]]
    if len(sheet.errors) > len(sentences):
        sentences.append(f"共有{len(sheet.errors)}个单元格读不到内容。")
    if sheet.hidden:
        sentences.append(hidden_problem(sheet.hidden))
    return "".join(sentences)


# -- as JSON -----------------------------------------------------------------------------------


def to_json(sheet: Sheet) -> dict[str, Any]:
    """Return the sheet for JSON; `from_json` restores it."""
    return {
        "rows": sheet.rows,
        "name": sheet.name,
        "notes": sheet.notes,
        "numbers": [[place.row, place.column, text] for place, text in sheet.numbers.items()],
        "hidden": sorted(sheet.hidden),
        "remarks": sheet.remarks,
    }


def from_json(plain: Mapping[str, Any]) -> Sheet:
    """Return the sheet that `to_json` wrote."""
    return Sheet(
        rows=tuple(tuple(row) for row in plain["rows"]),
        name=plain["name"],
        notes=tuple(CellNote(*note) for note in plain["notes"]),
        numbers={Place(row, column): text for row, column, text in plain["numbers"]},
        hidden=frozenset(plain["hidden"]),
        remarks=tuple(plain["remarks"]),
    )
