"""The rows of a worksheet as an import reads them: headings matched, blank rows left out. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from lab.files.rules.sheet import Place, Sheet
from lab.web.typed.text import normalise

HINT_MARK = "（提示，导入时不读此行）"
RESULT_HEADING = "核对结果"  # the last column of an annotated workbook, which may be uploaded again
NO_ROWS = "表中没有内容，请从标题下面一行开始填写。"
MAX_ROWS = 1000
_HEADING_ENDS = re.compile(r"[\s*＊]+")


class TableNote(NamedTuple):
    """What was said of a cell while the workbook was read; `error`: it could not be read.

    `message` is "" where the same is said with another field of the cell.
    """

    row: int
    field: str
    message: str
    error: bool


@dataclass(frozen=True)
class ParsedTable:
    """A parsed workbook: fields in workbook order; (row number, texts) per row.

    `problems` are messages about the workbook as a whole; `missing_labels` the labels of absent
    columns; `columns` where the fields stand in the worksheet, from 1; `hidden` the numbers of rows
    that the worksheet hides; `remarks` what the office should know of the worksheet as a whole;
    `originals` (row, column) -> what stood in cells whose text is given in another form.
    """

    fields: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    problems: tuple[str, ...] = ()
    missing_labels: tuple[str, ...] = ()
    columns: tuple[int, ...] = ()
    notes: tuple[TableNote, ...] = ()
    hidden: frozenset[int] = frozenset()
    remarks: tuple[str, ...] = ()
    originals: Mapping[tuple[int, int], str] = field(default_factory=dict)

    def without_hidden(self) -> ParsedTable:
        """Return the table with the rows alone that the worksheet shows."""
        rows = tuple(row for row in self.rows if row[0] not in self.hidden)
        return replace(self, rows=rows, hidden=frozenset())


def read_table(
    sheet: Sheet,
    labels: Mapping[str, str],
    needed: Iterable[str],
    numeric: Collection[str] = (),
) -> ParsedTable:
    """Match the headings of the first row with `labels` (field -> label), in any order.

    Unknown columns, missing `needed` ones (fields) and duplicates are reported. Of the cells of
    `numeric` fields the number alone is taken: 1200 where the sheet shows ¥1,200.
    """
    head = sheet.rows[0] if sheet.rows else ()
    width = max((_filled(line) for line in sheet.rows), default=0)
    by_label = {heading(label): field for field, label in labels.items()}
    columns = {
        column: by_label.get(heading(text), "")
        for column, text in enumerate([*head, *[""] * width][:width], start=1)
        if heading(text) != RESULT_HEADING  # of an earlier check
    }
    texts = [head[column - 1] if column <= len(head) else "" for column in columns]
    fields = [*columns.values()]
    problems = [*_unknown_problems(texts, fields), *_duplicate_problems(fields, labels)]
    if missing := [labels[field] for field in needed if field not in fields]:
        problems.append(f"缺少列：{'、'.join(missing)}。")
    table = table_of(sheet, columns, numeric)
    absent = tuple(label for field, label in labels.items() if field not in fields)
    if not problems:
        problems += row_count_problems(len(table.rows))
    return replace(table, problems=tuple(problems), missing_labels=absent)


def table_of(
    sheet: Sheet,
    columns: Mapping[int, str],
    numeric: Collection[str] = (),
    head: int = 1,
    last: int | None = None,
) -> ParsedTable:
    """Return the rows from below `head` to `last`, the cells of `columns` (from 1 -> field) alone.

    Rows that are blank in these columns are left out, and so are the template's hints.
    """
    notes = [
        TableNote(note.row, columns[note.column], note.message, note.error)
        for note in sheet.notes
        if note.row > head and columns.get(note.column)
    ]
    unread = {note.row for note in notes if note.error}
    rows = []
    for number in range(head + 1, min(last or len(sheet.rows), len(sheet.rows)) + 1):
        cells = tuple(
            _cell(sheet, number, column, columns[column] in numeric) for column in columns
        )
        hint = any(cell.startswith(HINT_MARK) for cell in cells)
        if (_filled(cells) or number in unread) and not hint:
            rows.append((number, cells))
    kept = {number for number, _ in rows}
    return ParsedTable(
        tuple(columns.values()),
        tuple(rows),
        columns=tuple(columns),
        notes=tuple(note for note in notes if note.row in kept),
        hidden=sheet.hidden & kept,
        remarks=sheet.remarks,
    )


def _cell(sheet: Sheet, row: int, column: int, number_alone: bool) -> str:
    texts = sheet.rows[row - 1]
    text = texts[column - 1] if column <= len(texts) else ""
    return sheet.numbers.get(Place(row, column), text) if number_alone else text


def heading(text: str) -> str:
    """Return a heading without blanks and the required mark."""
    return _HEADING_ENDS.sub("", normalise(text))


def _filled(line: Sequence[str]) -> int:
    """Return the number of cells up to the last non-blank one."""
    return max((position for position, cell in enumerate(line, start=1) if cell.strip()), default=0)


def _unknown_problems(head: Sequence[str], fields: Sequence[str]) -> list[str]:
    pairs = list(enumerate(zip(head, fields, strict=True), start=1))
    unnamed = [f"第{position}列" for position, (text, _) in pairs if not text.strip()]
    unknown = [f"“{text.strip()}”" for _, (text, field) in pairs if text.strip() and not field]
    messages = [f"没有标题的列：{'、'.join(unnamed)}。"] if unnamed else []
    return [*messages, *([f"不认识的列：{'、'.join(unknown)}。"] if unknown else [])]


def _duplicate_problems(fields: Sequence[str], labels: Mapping[str, str]) -> list[str]:
    twice = [f for position, f in enumerate(fields) if f and f in fields[:position]]
    labels_text = "、".join(labels[field] for field in dict.fromkeys(twice))
    return [f"重复的列：{labels_text}。"] if twice else []


def row_count_problems(count: int) -> list[str]:
    """Return why a table of so many rows cannot be imported."""
    if not count:
        return [NO_ROWS]
    return [f"最多{MAX_ROWS}行，现有{count}行，请分开导入。"] if count > MAX_ROWS else []


# -- as JSON -----------------------------------------------------------------------------------


def table_json(table: ParsedTable) -> dict[str, Any]:
    """Return the rows and notes of a table for JSON; `table_from` restores them."""
    return {
        "fields": table.fields,
        "columns": table.columns,
        "rows": table.rows,
        "notes": table.notes,
    }


def table_from(plain: Mapping[str, Any]) -> ParsedTable:
    """Return the table that `table_json` wrote."""
    return ParsedTable(
        tuple(plain["fields"]),
        tuple((number, tuple(texts)) for number, texts in plain["rows"]),
        columns=tuple(plain["columns"]),
        notes=tuple(TableNote(*note) for note in plain["notes"]),
    )
