"""Scores, means, drops and ranks against tables worked out by hand or published."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from lab.reviews.scoring.api import (
    Criterion,
    Ranked,
    RankedProposal,
    RoundRules,
    ScoreInput,
    rank_proposals,
    utility,
)

TABLE = json.loads((Path(__file__).parent / "scoring_cases.json").read_text("utf-8"))
TOLERANCE = Decimal("0.0001")


def build_criterion(row: dict[str, Any]) -> Criterion:
    figures = {name: Decimal(row[name]) for name in ("weight", "lo", "hi", "step")}
    return Criterion(row["key"], **figures, direction=row["direction"], required=row["required"])


def build_rules(row: dict[str, Any]) -> RoundRules:
    criteria = tuple(build_criterion(item) for item in row["criteria"])
    return RoundRules(criteria, row["places"], row.get("trim", False), row.get("minimum_sheets", 3))


def build_proposal(rules: RoundRules, key: str, rows: list[dict[str, Any]]) -> RankedProposal:
    keys = [criterion.key for criterion in rules.criteria]
    sheets = []
    for row in rows:
        scores = [None if text is None else Decimal(text) for text in row["scores"]]
        sheets.append(
            ScoreInput(row["reviewer"], row["status"], dict(zip(keys, scores, strict=True)))
        )
    return RankedProposal(key, key, tuple(sheets))


def near(value: Any, expected: str) -> bool:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return abs(exact - Decimal(expected)) <= TOLERANCE


def check_plain(line: Ranked, expected: dict[str, Any]) -> None:
    found = {
        "score": None if line.result.score is None else str(line.result.score),
        "reason": line.result.reason,
        "n": line.result.valid,
        "dropped": list(line.result.dropped),
        "mean": str(line.result.mean),
        "median": str(line.result.median),
        "spread": str(line.result.spread),
        "flags": list(line.result.flags),
        "rank": line.rank,
        "zone": line.zone,
    }
    plain = {name: value for name, value in expected.items() if name in found}
    assert {name: found[name] for name in plain} == plain


def check_exact(line: Ranked, expected: dict[str, Any]) -> None:
    if "exact" in expected:
        assert near(line.result.exact, expected["exact"])
    for mean, figure in zip(line.result.means, expected.get("means", []), strict=False):
        assert near(mean.exact, figure), mean
    if "totals" in expected:
        totals = {total.reviewer: total.exact for total in line.result.totals}
        assert totals.keys() == expected["totals"].keys()
        assert all(near(totals[name], figure) for name, figure in expected["totals"].items())


@pytest.mark.parametrize("case", TABLE["cases"], ids=lambda case: case["name"])
def test_the_round_comes_out_as_in_the_table(case: dict[str, Any]) -> None:
    rules = build_rules(case["rules"])
    proposals = [build_proposal(rules, key, rows) for key, rows in case["proposals"].items()]
    lines = {line.key: line for line in rank_proposals(rules, proposals)}
    assert lines.keys() == case["expected"].keys()
    for key, expected in case["expected"].items():
        check_plain(lines[key], expected)
        check_exact(lines[key], expected)


@pytest.mark.parametrize(("value", "lo", "hi", "step", "direction", "expected"), TABLE["utilities"])
def test_a_score_is_placed_on_its_own_scale(
    value: Any, lo: int, hi: int, step: Any, direction: Any, expected: str
) -> None:
    criterion = Criterion("c", 1, lo, hi, Decimal(step), direction)
    assert utility(criterion, Decimal(value)) == Decimal(expected)
