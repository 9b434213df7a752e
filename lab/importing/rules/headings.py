"""Match the headings of a workbook with the fields of an import. Pure.

Measured on 19 headings of ten fields and three strangers: what scores 75 and is 15 ahead of the
next field was always right; between 40 and 74 right and wrong mix, so these are offered only.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from lab.importing.rules.fields import TargetField
from lab.importing.rules.units import heading_unit
from lab.web.typed.units import factor

SURE, AHEAD, PERHAPS, OFFERED = 75, 15, 40, 3
LEAST_ALIKE = 2  # characters: 序号 and 工号 are half alike by one, which says nothing
KEY_LIMIT = 60  # characters; a heading longer than that is a sentence
_ENDS = re.compile(r"[\s*:]+")
_BRACKETS = re.compile(r"[(\[【〔][^()\[\]【】〔〕]*[)\]】〕]")


def heading_key(text: str) -> str:
    """Return what of a heading is compared and remembered, at most `KEY_LIMIT` characters.

    Without blanks, marks and brackets, in one width.
    """
    plain = _ENDS.sub("", unicodedata.normalize("NFKC", text))
    return _BRACKETS.sub("", plain).casefold()[:KEY_LIMIT]


@dataclass(frozen=True)
class Suggestion:
    """What a column may be: the preselected field ("" for none), and others that are offered."""

    field: str = ""
    offered: tuple[str, ...] = ()
    remembered: bool = False


def scores(heading: str, fields: Iterable[TargetField]) -> list[tuple[float, str]]:
    """Return (score, field) from 0 to 100, the best first.

    Where the heading names a unit, a field with numbers in it goes before one without.
    """
    key, unit = heading_key(heading), heading_unit(heading)
    every = [
        (max(_likeness(key, heading_key(name)) for name in field.names), field) for field in fields
    ]
    numbered = any(score >= SURE and _counts(field, unit) for score, field in every)
    ranked = [
        (score - (AHEAD if numbered and not _counts(field, unit) else 0), field.key)
        for score, field in every
    ]
    return sorted(ranked, key=lambda pair: -pair[0])


def _likeness(heading: str, name: str) -> float:
    """Return the share of characters in common, from 0 to 100; 0 for less than `LEAST_ALIKE`."""
    share = float(fuzz.ratio(heading, name))
    common = share * (len(heading) + len(name)) / 200
    return share if heading == name or round(common) >= LEAST_ALIKE else 0


def _counts(field: TargetField, unit: str) -> bool:
    """Return whether the field holds numbers in the unit that a heading names."""
    return bool(unit and field.unit) and factor(unit, field.unit) is not None


def suggest(
    headings: Mapping[int, str], fields: Sequence[TargetField], remembered: Mapping[str, str]
) -> dict[int, Suggestion]:
    """Return a suggestion for each column; each field is preselected once.

    Of headings that name a field equally well, the one that stands first among its names has it:
    登录账号 and not 工号. `remembered` is what was chosen before, by the key of the heading; "" for
    not imported.
    """
    known = {field.key: field for field in fields}
    ranked = {column: scores(text, fields) for column, text in headings.items() if text.strip()}
    chosen = _remembered(headings, remembered, set(known))
    recalled = frozenset(chosen)

    def preference(item: tuple[int, list[tuple[float, str]]]) -> tuple[float, int]:
        score, field = item[1][0]
        return -score, _place_among_names(headings[item[0]], known[field])

    for column, best in sorted(ranked.items(), key=preference):
        if column not in chosen and _is_sure(best) and _is_free(best[0][1], chosen, known):
            chosen[column] = best[0][1]
    return {
        column: Suggestion(
            chosen.get(column, ""),
            _offered(ranked.get(column, ()), chosen.get(column, "")),
            column in recalled,
        )
        for column in headings
    }


def _is_free(field: str, chosen: Mapping[int, str], known: Mapping[str, TargetField]) -> bool:
    """Return whether no other column has this field, or one of the same content."""
    taken = {content for key in chosen.values() if key for content in known[key].contents}
    return taken.isdisjoint(known[field].contents)


def _place_among_names(heading: str, field: TargetField) -> int:
    names = [heading_key(name) for name in field.names]
    key = heading_key(heading)
    return names.index(key) if key in names else len(names)


def _remembered(
    headings: Mapping[int, str], remembered: Mapping[str, str], known: set[str]
) -> dict[int, str]:
    chosen: dict[int, str] = {}
    for column, text in headings.items():
        field = remembered.get(heading_key(text)) if text.strip() else None
        if field == "" or (field in known and field not in chosen.values()):
            chosen[column] = field
    return chosen


def _is_sure(ranked: Sequence[tuple[float, str]]) -> bool:
    second = ranked[1][0] if len(ranked) > 1 else 0
    return ranked[0][0] >= SURE and ranked[0][0] - second >= AHEAD


def _offered(ranked: Sequence[tuple[float, str]], chosen: str) -> tuple[str, ...]:
    return tuple(key for score, key in ranked[:OFFERED] if score >= PERHAPS and key != chosen)


def likely_heading_row(rows: Sequence[Sequence[str]], fields: Sequence[TargetField]) -> int:
    """Return the row, from 1, that looks most like headings; 0 when there are no rows.

    It is the one with most sure headings, else the first with three filled cells, else the first.
    """
    if not rows:
        return 0
    sure = [
        sum(_is_sure(scores(text, fields)) for text in row if 0 < len(text.strip()) <= 40)
        for row in rows
    ]
    if max(sure):
        return sure.index(max(sure)) + 1
    filled = (n for n, row in enumerate(rows, start=1) if sum(bool(t.strip()) for t in row) >= 3)
    return next(filled, 1)
