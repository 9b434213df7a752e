"""Compute differences between two texts or two tables. Pure.

Texts are compared by sentence and, inside a changed sentence, by token: a Chinese character is a
token, a run of letters or digits is one. One or two unchanged tokens between two changes are merged
into them, so that people read changed words rather than scattered characters.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import Match, SequenceMatcher
from itertools import accumulate
from typing import Literal

SAME, ADDED, REMOVED, CHANGED = "same", "added", "removed", "changed"
# Texts of few different signs would take the comparison very long: it looks at every pair of equal
# signs, and again at those beside each stretch it has found. So many looks one comparison may cost
# (about 0.1 seconds); what is left then is shown as taken out and put in as a whole.
MOST_LOOKS = 400_000
ISLAND = 2
Opcode = tuple[Literal["replace", "delete", "insert", "equal"], int, int, int, int]
_SENTENCE = re.compile(r"[^。；！？\n]*[。；！？\n]+|[^。；！？\n]+")
_SIGN = re.compile(r"[A-Za-z0-9.,%]+|.", re.DOTALL)


@dataclass(frozen=True)
class Piece:
    """A run of text that is same, added or removed."""

    kind: str
    text: str


@dataclass(frozen=True)
class RowChange:
    """A table row that is same, added, removed or changed, with each cell as pieces."""

    kind: str
    cells: tuple[tuple[Piece, ...], ...]


def diff_text(before: str, after: str) -> tuple[Piece, ...]:
    """Return the pieces of both texts in reading order.

    Joining all pieces but the added ones gives `before` exactly; all but the removed ones, `after`.
    """
    old, new = _SENTENCE.findall(before), _SENTENCE.findall(after)
    pieces: list[Piece] = []
    budget = _Looks()
    for tag, i, j, k, m in _opcodes(old, new, budget):
        if tag == "equal":
            pieces.append(Piece(SAME, "".join(old[i:j])))
        else:
            pieces += _inside("".join(old[i:j]), "".join(new[k:m]), budget)
    return tuple(_joined(pieces))


def diff_lines(before: Sequence[str], after: Sequence[str]) -> list[Opcode]:
    """Return how one sequence of lines becomes the other, as difflib's opcodes."""
    return _opcodes(before, after, _Looks())


class _BudgetExceeded(Exception):
    """Raised when the comparison exceeds its budget."""


class _Looks:
    """Track the remaining comparison budget of two texts."""

    def __init__(self) -> None:
        self.left = MOST_LOOKS

    def spend(self, number: int) -> None:
        if number > self.left:
            raise _BudgetExceeded
        self.left -= number


class _Matcher(SequenceMatcher[str]):
    """A SequenceMatcher that charges the budget before each search."""

    def __init__(self, old: Sequence[str], new: Sequence[str], budget: _Looks) -> None:
        super().__init__(None, old, new, autojunk=False)
        counts, self._looks = Counter(new), budget
        self._until = list(accumulate((1 + counts[part] for part in old), initial=0))

    def find_longest_match(
        self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None
    ) -> Match:
        end = len(self._until) - 1 if ahi is None else ahi
        self._looks.spend(self._until[end] - self._until[alo])
        return super().find_longest_match(alo, ahi, blo, bhi)


def _opcodes(old: Sequence[str], new: Sequence[str], budget: _Looks) -> list[Opcode]:
    try:
        return _Matcher(old, new, budget).get_opcodes()
    except _BudgetExceeded:
        return _ends(old, new)


def _ends(old: Sequence[str], new: Sequence[str]) -> list[Opcode]:
    """Match the common prefix and suffix and replace everything between."""
    shorter = min(len(old), len(new))
    begin = _same(old, new, shorter)
    end = _same(old[::-1], new[::-1], shorter - begin)
    i, k = len(old) - end, len(new) - end
    steps: list[Opcode] = [
        ("equal", 0, begin, 0, begin),
        ("replace", begin, i, begin, k),
        ("equal", i, len(old), k, len(new)),
    ]
    return [step for step in steps if step[1] < step[2] or step[3] < step[4]]


def _same(old: Sequence[str], new: Sequence[str], limit: int) -> int:
    """Return the length of the common prefix, at most `limit`."""
    return next((n for n in range(limit) if old[n] != new[n]), limit)


def _inside(before: str, after: str, budget: _Looks) -> list[Piece]:
    old, new = _SIGN.findall(before), _SIGN.findall(after)
    steps = [
        (tag, "".join(old[i:j]), "".join(new[k:m]))
        for tag, i, j, k, m in _opcodes(old, new, budget)
    ]
    pieces: list[Piece] = []
    removed = added = ""
    for index, (tag, left, right) in enumerate(steps):
        island = 0 < index < len(steps) - 1 and len(left) <= ISLAND
        if tag != "equal" or island:
            removed, added = removed + left, added + right
            continue
        pieces += [Piece(REMOVED, removed), Piece(ADDED, added), Piece(SAME, left)]
        removed = added = ""
    return [*pieces, Piece(REMOVED, removed), Piece(ADDED, added)]


def _joined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Drop empty pieces and merge neighbours of one kind."""
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


def diff_rows(
    before: Sequence[Sequence[str]], after: Sequence[Sequence[str]]
) -> tuple[RowChange, ...]:
    """Return the rows of both tables: those of `after` in order, and the removed ones.

    The first cell identifies a row: rows with the same first cell are the same row, changed or not.
    """
    left = _by_name(before)
    changes = []
    for name, row in _by_name(after).items():
        old = left.pop(name, None)
        changes.append(_row(ADDED, row) if old is None else _both(old, row))
    return (*changes, *(_row(REMOVED, row) for row in left.values()))


def _by_name(rows: Sequence[Sequence[str]]) -> dict[tuple[str, int], Sequence[str]]:
    """Index rows by their first cell; a second row with the same cell counts as another row."""
    seen: Counter[str] = Counter()
    rows_by_name = {}
    for row in rows:
        rows_by_name[row[0], seen[row[0]]] = row
        seen[row[0]] += 1
    return rows_by_name


def _row(kind: str, row: Sequence[str]) -> RowChange:
    return RowChange(kind, tuple((Piece(kind, cell),) if cell else () for cell in row))


def _both(old: Sequence[str], new: Sequence[str]) -> RowChange:
    cells = tuple(diff_value(a, b) for a, b in zip(old, new, strict=True))
    return RowChange(SAME if tuple(old) == tuple(new) else CHANGED, cells)


def diff_value(before: str, after: str) -> tuple[Piece, ...]:
    """Compare a short value as a whole: dates and figures are not split."""
    if before == after:
        return (Piece(SAME, after),) if after else ()
    return tuple(_joined([Piece(REMOVED, before), Piece(ADDED, after)]))
