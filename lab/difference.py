"""What differs between two texts or two tables. Pure.

Texts are compared sentence by sentence, and inside a changed sentence sign by sign: each Chinese
character is a sign, a run of letters or figures is one. What stays the same in one or two signs
between two changes joins them, so that people read changed words, not a rain of characters.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

SAME, ADDED, REMOVED, CHANGED = "same", "added", "removed", "changed"
# Two long texts of few different signs would take the comparison very long: such a part is shown
# as taken out and put in as a whole.
MOST_PAIRS = 200_000
ISLAND = 2
_SENTENCE = re.compile(r"[^。；！？\n]*[。；！？\n]+|[^。；！？\n]+")
_SIGN = re.compile(r"[A-Za-z0-9.,%]+|.", re.DOTALL)


@dataclass(frozen=True)
class Piece:
    """A stretch of text: same, added or removed."""

    kind: str
    text: str


@dataclass(frozen=True)
class RowChange:
    """A row of a table: same, added, removed or changed, each cell as pieces."""

    kind: str
    cells: tuple[tuple[Piece, ...], ...]


def text_changes(before: str, after: str) -> tuple[Piece, ...]:
    """The pieces of both texts in reading order.

    Those that are not added make up `before`, those that are not removed `after`, to the letter.
    """
    old, new = _SENTENCE.findall(before), _SENTENCE.findall(after)
    found: list[Piece] = []
    for tag, i, j, k, m in _opcodes(old, new):
        if tag == "equal":
            found.append(Piece(SAME, "".join(old[i:j])))
        else:
            found += _inside("".join(old[i:j]), "".join(new[k:m]))
    return tuple(_joined(found))


def _opcodes(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, int, int, int, int]]:
    if _pairs(old, new) > MOST_PAIRS:
        yield "replace", 0, len(old), 0, len(new)
    else:
        yield from SequenceMatcher(None, old, new, autojunk=False).get_opcodes()


def _pairs(old: Sequence[str], new: Sequence[str]) -> int:
    """How many pairs of equal parts the comparison has to look at."""
    there = Counter(new)
    return sum(number * there[part] for part, number in Counter(old).items())


def _inside(before: str, after: str) -> list[Piece]:
    old, new = _SIGN.findall(before), _SIGN.findall(after)
    steps = [(tag, "".join(old[i:j]), "".join(new[k:m])) for tag, i, j, k, m in _opcodes(old, new)]
    found: list[Piece] = []
    gone = come = ""
    for place, (tag, left, right) in enumerate(steps):
        island = 0 < place < len(steps) - 1 and len(left) <= ISLAND
        if tag != "equal" or island:
            gone, come = gone + left, come + right
            continue
        found += [Piece(REMOVED, gone), Piece(ADDED, come), Piece(SAME, left)]
        gone = come = ""
    return [*found, Piece(REMOVED, gone), Piece(ADDED, come)]


def _joined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Without empty pieces; neighbours of one kind made one."""
    last: Piece | None = None
    for piece in pieces:
        if not piece.text:
            continue
        if last and last.kind == piece.kind:
            last = Piece(last.kind, last.text + piece.text)
            continue
        if last:
            yield last
        last = piece
    if last:
        yield last


def row_changes(
    before: Sequence[Sequence[str]], after: Sequence[Sequence[str]]
) -> tuple[RowChange, ...]:
    """The rows of both tables: those of `after` in their order, and the ones taken out.

    The first cell names a row: rows of the same name are one row, changed or not.
    """
    left = _by_name(before)
    found = []
    for name, row in _by_name(after).items():
        old = left.pop(name, None)
        found.append(_row(ADDED, row) if old is None else _both(old, row))
    return (*found, *(_row(REMOVED, row) for row in left.values()))


def _by_name(rows: Sequence[Sequence[str]]) -> dict[tuple[str, int], Sequence[str]]:
    """Rows by their first cell; the second of the same name is another row."""
    seen: Counter[str] = Counter()
    named = {}
    for row in rows:
        named[row[0], seen[row[0]]] = row
        seen[row[0]] += 1
    return named


def _row(kind: str, row: Sequence[str]) -> RowChange:
    return RowChange(kind, tuple((Piece(kind, cell),) if cell else () for cell in row))


def _both(old: Sequence[str], new: Sequence[str]) -> RowChange:
    cells = tuple(value_change(a, b) for a, b in zip(old, new, strict=True))
    return RowChange(SAME if tuple(old) == tuple(new) else CHANGED, cells)


def value_change(before: str, after: str) -> tuple[Piece, ...]:
    """A short value as a whole: a date or figure is not taken apart."""
    if before == after:
        return (Piece(SAME, after),) if after else ()
    return tuple(_joined([Piece(REMOVED, before), Piece(ADDED, after)]))
