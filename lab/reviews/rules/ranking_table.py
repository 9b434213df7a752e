"""The ranking as shown on pages, parsed from its canonical text. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lab.reviews.scoring.inputs import DIRECTION_LABELS
from lab.reviews.scoring.ranking import ZONE_LABELS


@dataclass(frozen=True)
class RankingCriterion:
    """One criterion as printed on the ranking; `weight` in points."""

    key: str
    name: str
    weight: str
    direction: str


@dataclass(frozen=True)
class RankingLine:
    """One proposal of the ranking; scores 0–100 with two decimals, None where there is none."""

    key: str
    number: str
    title: str
    unit: str
    rank: int | None
    zone: str
    zone_label: str
    valid: int
    score: Decimal | None
    mean: Decimal | None
    median: Decimal | None
    spread: Decimal | None
    means: tuple[Decimal | None, ...]
    flags: tuple[str, ...]
    messages: tuple[str, ...]


@dataclass(frozen=True)
class RankingTable:
    """The whole ranking; `number` and `fingerprint` only once it is frozen.

    `above_cut` counts the lines above the cut: those ranked within the places.
    """

    call_key: str
    title: str
    number: int | None
    fingerprint: str
    rules_fingerprint: str
    places: int
    minimum: int
    method: str
    criteria: tuple[RankingCriterion, ...]
    lines: tuple[RankingLine, ...]
    above_cut: int
    tie: str | None

    @property
    def final(self) -> bool:
        return self.number is not None

    def line(self, key: str) -> RankingLine | None:
        """Return the line of one proposal, None when there is none."""
        return next((line for line in self.lines if line.key == key), None)

    def count(self, zone: str) -> int:
        """Return how many proposals are in a zone."""
        return sum(line.zone == zone for line in self.lines)


def ranking_table_from(
    content: Mapping[str, Any], number: int | None, fingerprint: str
) -> RankingTable:
    """Parse the canonical text of a ranking into its read model."""
    rules, places = content["rules"], content["rules"]["places"]
    criteria = tuple(_dimension(row) for row in rules["criteria"])
    proposals_by_key = {p["key"]: p for p in content["proposals"]}
    lines = tuple(
        _line(row, proposals_by_key[row["proposal"]], criteria) for row in content["lines"]
    )
    return RankingTable(
        call_key=content["call"]["key"],
        title=content["call"]["title"],
        number=number,
        fingerprint=fingerprint,
        rules_fingerprint=content["rules_fingerprint"],
        places=places,
        minimum=rules["minimum_sheets"],
        method=content["method"],
        criteria=criteria,
        lines=lines,
        above_cut=sum(line.rank is not None and line.rank <= places for line in lines),
        tie=content["tie"],
    )


def _dimension(row: Mapping[str, Any]) -> RankingCriterion:
    label = DIRECTION_LABELS[row["direction"]]
    return RankingCriterion(row["key"], row["label"] or row["key"], str(row["weight"]), label)


def _points(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value).quantize(Decimal("0.01"))


def _line(
    row: Mapping[str, Any], proposal: Mapping[str, str], criteria: tuple[RankingCriterion, ...]
) -> RankingLine:
    return RankingLine(
        key=proposal["key"],
        number=proposal["number"],
        title=proposal["title"],
        unit=proposal["unit"],
        rank=row["rank"],
        zone=row["zone"],
        zone_label=ZONE_LABELS[row["zone"]],
        valid=row["valid"],
        score=_points(row["score"]),
        mean=_points(row["mean"]),
        median=_points(row["median"]),
        spread=_points(row["spread"]),
        means=tuple(_points(row["means"].get(c.key)) for c in criteria),
        flags=tuple(row["flags"]),
        messages=tuple(row["messages"]),
    )
