"""Columns whose cells hold a period become two columns of days. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from lab import clock
from lab.importing.rules.fields import PERIOD, TargetField
from lab.importing.rules.worksheets import ParsedTable, TableNote
from lab.web.typed.periods import parse_period, period_text
from lab.web.typed.text import TextError


def with_days(table: ParsedTable, fields: Iterable[TargetField]) -> ParsedTable:
    """Return the table with the first and the last day in the fields that hold them.

    A note says of each cell what was read. A cell that holds no period stays as typed in the first
    of the two fields, with the reason, and is not read for the other.
    """
    periods = {field.key: field.into for field in fields if field.kind == PERIOD}
    for name in [name for name in table.fields if name in periods]:
        table = _split(table, table.fields.index(name), periods[name])
    return table


def _split(table: ParsedTable, at: int, into: tuple[str, ...]) -> ParsedTable:
    name, columns = table.fields[at], table.columns
    rows, notes, originals = [], list(_moved(table.notes, name, into)), dict(table.originals)
    unread = {note.row for note in notes if note.error and note.field in into}
    for number, cells in table.rows:  # columns may be (): a table need not say where they stand
        days = (cells[at], "")
        if cells[at].strip() and number not in unread:
            days, found = _days(number, cells[at], into)
            notes += found
            originals |= {(number, column): cells[at] for column in columns[at : at + 1]}
        rows.append((number, (*cells[:at], *days, *cells[at + 1 :])))
    return replace(
        table,
        fields=(*table.fields[:at], *into, *table.fields[at + 1 :]),
        columns=(*columns[:at], *columns[at : at + 1] * 2, *columns[at + 1 :]),
        rows=tuple(rows),
        notes=tuple(notes),
        originals=originals,
    )


def _days(number: int, text: str, into: tuple[str, ...]) -> tuple[tuple[str, str], list[TableNote]]:
    start, end = into
    try:
        period = parse_period(text)
    except TextError as error:
        return (text, ""), [TableNote(number, start, str(error), True), _silent(number, end)]
    note = TableNote(number, start, period_text(period), False)
    return (clock.cn_date(period.start), clock.cn_date(period.end)), [note]


def _moved(notes: Iterable[TableNote], name: str, into: tuple[str, ...]) -> Iterator[TableNote]:
    for note in notes:
        if note.field != name:
            yield note
            continue
        yield note._replace(field=into[0])
        if note.error:
            yield _silent(note.row, into[1])


def _silent(number: int, field: str) -> TableNote:
    """Return the note of a field whose fault is said with the other one of the same cell."""
    return TableNote(number, field, "", True)
