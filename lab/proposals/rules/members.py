"""Members of a proposed team, as rows of the form and as they are stored. Pure.

In the form one value names the member: the id of a person with an account, or the name of somebody
without one, whose unit stands beside it. What is stored keeps the two apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from lab.proposals.rules.stages import RowProblem

Row = Mapping[str, Any]


def stored_members(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Return rows of the form as they are stored.

    The unit of a person with an account follows the account and is not stored.
    """
    return [_stored(row) for row in rows]


def form_members(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Return stored rows as the form takes them."""
    return [
        {
            "person_id": row["person_id"] or row.get("name") or None,
            "unit": row.get("unit", ""),
            "duty": row["duty"],
        }
        for row in rows
    ]


def repeated_members(rows: Sequence[tuple[int, Row]]) -> Iterator[RowProblem]:
    """Iterate over the rows, of (number, values), that name somebody who was named above."""
    seen: dict[tuple[Any, ...], int] = {}
    for number, row in rows:
        stored = _stored(row)
        key = (stored["person_id"], stored["name"], stored["unit"])
        if key in seen:
            yield RowProblem(number, "person_id", f"与第{seen[key]}行相同，请删去一行。")
        seen.setdefault(key, number)


def _stored(row: Row) -> dict[str, Any]:
    who = row["person_id"]
    if isinstance(who, str):
        named = {"person_id": None, "name": who, "unit": row.get("unit", "")}
    else:
        named = {"person_id": who, "name": "", "unit": ""}
    return {**named, "duty": row.get("duty", "")}
