"""Compare two versions of a notice as people read them: lines, items, rows, without signs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby, zip_longest

from lab.calls.notice.diff_notes import form_changes
from lab.text_diff import ADDED, CHANGED, REMOVED, SAME, Piece, diff_lines, diff_text
from lab.web.rich_lines import ROW, RichLine, rich_lines

LINES, TABLE, FOLD = "lines", "table", "fold"
ALIKE = 0.6  # from this share of common characters on, a line was changed and not replaced
MOST_PAIRS = 900  # lines of a changed stretch that are compared with each other
CONTEXT = 1  # unchanged lines shown on either side of a change
SHORTEST_FOLD = 3


@dataclass(frozen=True)
class DiffLine:
    """A line of the newer version, or a removed one: each cell as pieces, changes of form as notes.

    `kind` is same, added, removed or changed; `line` says how it is shown.
    """

    kind: str
    line: RichLine
    cells: tuple[tuple[Piece, ...], ...]
    notes: tuple[str, ...] = ()


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
    lines = list(_lines(rich_lines(before), rich_lines(after)))
    kinds = [line.kind for line in lines]
    return NoticeDiff(
        tuple(_folded(_blocks(lines))),
        kinds.count(ADDED),
        kinds.count(REMOVED),
        kinds.count(CHANGED),
    )


def _key(line: RichLine) -> str:
    """Return what tells lines apart; how columns are set is told by the head of the table."""
    aligns = line.aligns if line.level else ()
    return repr((line.kind, line.level, line.cells, aligns))


def _lines(old: Sequence[RichLine], new: Sequence[RichLine]) -> Iterator[DiffLine]:
    for tag, i, j, k, m in diff_lines([_key(line) for line in old], [_key(line) for line in new]):
        if tag == "equal":
            yield from (_whole(SAME, line) for line in new[k:m])
        else:
            yield from _paired(old[i:j], new[k:m])


def _whole(kind: str, line: RichLine) -> DiffLine:
    cells = tuple((Piece(kind, text),) if text else () for text in line.texts)
    return DiffLine(kind, line, cells)


def _paired(old: Sequence[RichLine], new: Sequence[RichLine]) -> Iterator[DiffLine]:
    """Yield the lines of a changed stretch, those that are alike as one changed line."""
    at = 0
    for line in new:
        match = _first_alike(old, at, line) if len(old) * len(new) <= MOST_PAIRS else None
        if match is None:
            yield _whole(ADDED, line)
            continue
        yield from (_whole(REMOVED, gone) for gone in old[at:match])
        yield _changed(old[match], line)
        at = match + 1
    yield from (_whole(REMOVED, gone) for gone in old[at:])


def _first_alike(old: Sequence[RichLine], start: int, line: RichLine) -> int | None:
    return next((n for n in range(start, len(old)) if _are_alike(old[n], line)), None)


def _are_alike(old: RichLine, new: RichLine) -> bool:
    if (old.kind == ROW) != (new.kind == ROW):
        return False
    left, right = "".join(old.texts), "".join(new.texts)
    return SequenceMatcher(None, left, right, autojunk=False).quick_ratio() >= ALIKE


def _changed(old: RichLine, new: RichLine) -> DiffLine:
    cells = tuple(
        diff_text(left, right) for left, right in zip_longest(old.texts, new.texts, fillvalue="")
    )
    return DiffLine(CHANGED, new, cells, form_changes(old, new))


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
