"""Compare two versions of a notice as people read them: lines, items, rows, without signs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from lab.calls.notice.column_diff import align_columns
from lab.calls.notice.line_diff import DiffLine, compare_lines
from lab.text_diff import ADDED, CHANGED, REMOVED, SAME
from lab.web.rich_lines import ROW, rich_lines

LINES, TABLE, FOLD = "lines", "table", "fold"
CONTEXT = 1  # unchanged lines shown on either side of a change
SHORTEST_FOLD = 3


@dataclass(frozen=True)
class DiffBlock:
    """Lines shown together: as they are, as a table, or folded because none of them changed."""

    kind: str
    lines: tuple[DiffLine, ...]


@dataclass(frozen=True)
class NoticeDiff:
    """The difference of two versions, with the number of lines added, removed and changed."""

    blocks: tuple[DiffBlock, ...]
    added: int
    removed: int
    changed: int

    @property
    def is_visible(self) -> bool:
        """Whether a reader sees any difference at all."""
        return bool(self.added or self.removed or self.changed)


def diff_notice(before: str, after: str) -> NoticeDiff:
    """Compare two texts of light Markdown line by line."""
    compared = compare_lines(rich_lines(before), rich_lines(after))
    blocks = [_aligned(block) for block in _blocks(compared)]
    kinds = [line.kind for block in blocks for line in block.lines]
    return NoticeDiff(
        tuple(_folded(blocks)),
        kinds.count(ADDED),
        kinds.count(REMOVED),
        kinds.count(CHANGED),
    )


def _blocks(lines: Iterable[DiffLine]) -> Iterator[DiffBlock]:
    """Yield tables as one block each, other lines one by one."""
    table: list[DiffLine] = []
    for line in lines:
        begins = line.line.kind == ROW and line.line.level and line.kind != REMOVED
        if table and (line.line.kind != ROW or begins):
            yield DiffBlock(TABLE, tuple(table))
            table = []
        if line.line.kind == ROW:
            table.append(line)
        else:
            yield DiffBlock(LINES, (line,))
    if table:
        yield DiffBlock(TABLE, tuple(table))


def _aligned(block: DiffBlock) -> DiffBlock:
    return DiffBlock(TABLE, align_columns(block.lines)) if block.kind == TABLE else block


def _is_same(block: DiffBlock) -> bool:
    return all(line.kind == SAME for line in block.lines)


def _folded(blocks: Iterable[DiffBlock]) -> Iterator[DiffBlock]:
    """Fold long unchanged stretches, but for the lines beside a change."""
    runs = [(same, list(run)) for same, run in groupby(blocks, key=_is_same)]
    for index, (same, run) in enumerate(runs):
        first = CONTEXT if index else 0
        last = len(run) - (CONTEXT if index < len(runs) - 1 else 0)
        if not same or last - first < SHORTEST_FOLD:
            yield from _joined(run)
            continue
        yield from _joined(run[:first])
        yield DiffBlock(FOLD, tuple(line for block in run[first:last] for line in block.lines))
        yield from _joined(run[last:])


def _joined(blocks: Iterable[DiffBlock]) -> Iterator[DiffBlock]:
    """Join neighbouring lines into one block; tables stay by themselves."""
    for kind, run in groupby(blocks, key=lambda block: block.kind):
        if kind == TABLE:
            yield from run
        else:
            yield DiffBlock(kind, tuple(line for block in run for line in block.lines))
