"""Compare a table whose columns were added or removed: what stood in one column stays in one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from lab.calls.notice.line_diff import DiffLine, compare_lines
from lab.text_diff import ADDED, CHANGED, REMOVED, SAME, Piece
from lab.web.rich_lines import RichLine

Columns = Sequence[tuple[int | None, int | None]]
"""Where each column shown stands in the older and in the newer table, None where it does not."""


@dataclass(frozen=True)
class _Row:
    """A row reduced to the columns of both tables, and the row that it was made from."""

    common: RichLine
    whole: RichLine


def align_columns(lines: tuple[DiffLine, ...]) -> tuple[DiffLine, ...]:
    """Return the rows of a table with the same columns in each, its own and those removed.

    Rows are compared by what stands in the columns that both have, so that a new column alone
    makes no row a changed one. A table that kept its number of columns is returned as it is.
    """
    head = next((line for line in lines if line.line.level and line.was), None)
    if head is None or head.was is None or len(head.was.cells) == len(head.line.cells):
        return lines
    columns = _columns(head.was.texts, head.line.texts)
    old = [
        _row(line.was, [i for i, j in columns if i is not None and j is not None])
        for line in lines
        if line.was
    ]
    new = [
        _row(line.line, [j for i, j in columns if i is not None and j is not None])
        for line in lines
        if line.kind != REMOVED
    ]
    return tuple(_expanded(old, new, columns))


def _columns(old: Sequence[str], new: Sequence[str]) -> Columns:
    """Pair the columns by their headings; one that was renamed in its place is the same one."""
    pairs: list[tuple[int | None, int | None]] = []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for _, i, j, k, m in matcher.get_opcodes():
        both = min(j - i, m - k)
        pairs += [(i + n, k + n) for n in range(both)]
        pairs += [(n, None) for n in range(i + both, j)]
        pairs += [(None, n) for n in range(k + both, m)]
    return pairs


def _row(line: RichLine, positions: Sequence[int]) -> _Row:
    kept = [n for n in positions if n < len(line.cells)]
    aligns = tuple(line.aligns[n] for n in kept if n < len(line.aligns))
    return _Row(replace(line, cells=tuple(line.cells[n] for n in kept), aligns=aligns), line)


def _expanded(old: Sequence[_Row], new: Sequence[_Row], columns: Columns) -> Iterator[DiffLine]:
    """Compare the common columns and put the others back to where they stand."""
    olds, news = iter(old), iter(new)
    for line in compare_lines([row.common for row in old], [row.common for row in new]):
        was = next(olds).whole if line.was else None
        now = next(news).whole if line.kind != REMOVED else None
        yield _with_all_columns(line, was, now, columns)


def _with_all_columns(
    line: DiffLine, was: RichLine | None, now: RichLine | None, columns: Columns
) -> DiffLine:
    common, cells, aligns = iter(line.cells), list[tuple[Piece, ...]](), list[str]()
    for i, j in columns:
        if i is not None and j is not None:
            cells.append(next(common, ()))
        elif j is not None:
            cells.append(_whole_cell(ADDED, now, j))
        else:
            cells.append(_whole_cell(REMOVED, was, i))
        aligns.append(_align(now, j) or _align(was, i))
    kind = line.kind
    if kind == SAME and line.line.level:
        kind = CHANGED  # the head says that the columns are others
    return replace(
        line, kind=kind, line=replace(line.line, aligns=tuple(aligns)), cells=tuple(cells)
    )


def _whole_cell(kind: str, line: RichLine | None, position: int | None) -> tuple[Piece, ...]:
    text = line.texts[position] if line and position is not None else ""
    return (Piece(kind, text),) if text else ()


def _align(line: RichLine | None, position: int | None) -> str:
    known = line is not None and position is not None and position < len(line.aligns)
    return line.aligns[position] if known and line and position is not None else ""
