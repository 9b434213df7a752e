"""The units of a proposal as the search holds them: their names in one text."""

from __future__ import annotations

from collections.abc import Collection, Iterable

UNITS_JOIN = "、"


def join_units(names: Iterable[str | None]) -> str:
    """Return the names of the leading and of the joint unit as one text."""
    return UNITS_JOIN.join(filter(None, names))


def split_units(joined: str, known: Collection[str]) -> tuple[str, str] | None:
    """Return (leading unit, joint unit or "") of a text that `join_units` has made.

    None where the known names do not tell, or where several ways of splitting fit: a unit's own
    name may contain the sign between two.
    """
    parts = joined.split(UNITS_JOIN)
    ways = [
        (UNITS_JOIN.join(parts[:place]), UNITS_JOIN.join(parts[place:]))
        for place in range(1, len(parts) + 1)
    ]
    fitting = [
        (unit, joint) for unit, joint in ways if unit in known and (not joint or joint in known)
    ]
    return fitting[0] if len(fitting) == 1 else None
