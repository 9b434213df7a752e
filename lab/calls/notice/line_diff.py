"""Compare the lines of two versions of a notice, each with the one that it was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

from lab.calls.notice.diff_notes import form_changes
from lab.text_diff import ADDED, CHANGED, REMOVED, SAME, Piece, diff_lines, diff_text
from lab.web.rich_lines import ROW, RichLine

ALIKE = 0.6  # from this share of common characters on, a line was changed and not replaced
MOST_PAIRS = 900  # lines of a changed stretch that are compared with each other


@dataclass(frozen=True)
class DiffLine:
    """A line of the newer version, or a removed one: each cell as pieces, changes of form as notes.

    `kind` is same, added, removed or changed; `line` says how it is shown.
    """

    kind: str
    line: RichLine
    cells: tuple[tuple[Piece, ...], ...]
    notes: tuple[str, ...] = ()
    was: RichLine | None = None
    """The line of the older version: the same one, the one that was changed or removed."""


def _key(line: RichLine) -> str:
    """Return what tells lines apart; how columns are set is told by the head of the table."""
    aligns = line.aligns if line.level else ()
    return repr((line.kind, line.level, line.cells, aligns))


def compare_lines(old: Sequence[RichLine], new: Sequence[RichLine]) -> Iterator[DiffLine]:
    """Yield the lines of both versions, those that are alike as one."""
    for tag, i, j, k, m in diff_lines([_key(line) for line in old], [_key(line) for line in new]):
        if tag == "equal":
            for was, line in zip(old[i:j], new[k:m], strict=True):
                yield _whole(SAME, line, was)
        else:
            yield from _paired(old[i:j], new[k:m])


def _whole(kind: str, line: RichLine, was: RichLine | None = None) -> DiffLine:
    cells = tuple((Piece(kind, text),) if text else () for text in line.texts)
    return DiffLine(kind, line, cells, was=was)


def _paired(old: Sequence[RichLine], new: Sequence[RichLine]) -> Iterator[DiffLine]:
    """Yield the lines of a changed stretch, those that are alike as one changed line."""
    at = 0
    for line in new:
        match = _first_alike(old, at, line) if len(old) * len(new) <= MOST_PAIRS else None
        if match is None:
            yield _whole(ADDED, line)
            continue
        yield from (_whole(REMOVED, gone, gone) for gone in old[at:match])
        yield _changed(old[match], line)
        at = match + 1
    yield from (_whole(REMOVED, gone, gone) for gone in old[at:])


def _first_alike(old: Sequence[RichLine], start: int, line: RichLine) -> int | None:
    return next((n for n in range(start, len(old)) if _are_alike(old[n], line)), None)


def _are_alike(old: RichLine, new: RichLine) -> bool:
    if (old.kind == ROW) != (new.kind == ROW):
        return False
    if old.kind == ROW and len(old.cells) != len(new.cells) and _share_a_cell(old, new):
        return True  # that tells more than what a new column adds
    left, right = "".join(old.texts), "".join(new.texts)
    return SequenceMatcher(None, left, right, autojunk=False).quick_ratio() >= ALIKE


def _share_a_cell(old: RichLine, new: RichLine) -> bool:
    return bool(set(filter(None, old.texts)) & set(filter(None, new.texts)))


def _changed(old: RichLine, new: RichLine) -> DiffLine:
    cells = tuple(
        diff_text(left, right) for left, right in zip_longest(old.texts, new.texts, fillvalue="")
    )
    return DiffLine(CHANGED, new, cells, form_changes(old, new), old)
