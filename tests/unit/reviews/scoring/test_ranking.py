"""The order of a round, its zones and its ties."""

from __future__ import annotations

import time
from random import Random
from typing import Any

import pytest

from lab.reviews.scoring.api import (
    Criterion,
    RankedProposal,
    RoundRules,
    ScoreInput,
    rank_proposals,
    tie_message,
)

FOUR = tuple(
    Criterion(key, weight, label=label)
    for key, weight, label in (
        ("importance", 30, "重要性"),
        ("complexity", 20, "复杂程度"),
        ("demonstration", 25, "示范性"),
        ("replicability", 25, "可复制性"),
    )
)
ONE = (Criterion("total", 100, label="总体"),)


def sheets(*rows: tuple[Any, ...], criteria: tuple[Criterion, ...] = ONE) -> tuple[ScoreInput, ...]:
    keys = [criterion.key for criterion in criteria]
    return tuple(
        ScoreInput(f"R{index}", "submitted", dict(zip(keys, row, strict=True)))
        for index, row in enumerate(rows, 1)
    )


def alone(key: str, *scores: int, confirmed: bool = False) -> RankedProposal:
    return RankedProposal(key, key, sheets(*((score,) for score in scores)), confirmed)


def zones(places: int, **scores: int) -> dict[str, tuple[int | None, str]]:
    proposals = [alone(key, score, score, score) for key, score in scores.items()]
    return {
        line.key: (line.rank, line.zone)
        for line in rank_proposals(RoundRules(ONE, places), proposals)
    }


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        (1, {"a": (1, "in"), "b": (2, "out"), "c": (2, "out"), "d": (4, "out")}),
        (2, {"a": (1, "in"), "b": (2, "tied"), "c": (2, "tied"), "d": (4, "out")}),
        (3, {"a": (1, "in"), "b": (2, "in"), "c": (2, "in"), "d": (4, "out")}),
        (4, {"a": (1, "in"), "b": (2, "in"), "c": (2, "in"), "d": (4, "in")}),
        (9, {"a": (1, "in"), "b": (2, "in"), "c": (2, "in"), "d": (4, "in")}),
    ],
)
def test_ties_share_a_rank_and_are_not_broken_at_the_line(places: int, expected: Any) -> None:
    assert zones(places, a=90, b=80, c=80, d=70) == expected


def test_ties_are_judged_on_the_published_value() -> None:
    criteria = (Criterion("a", 1, 0, 1000), Criterion("b", 1000, 0, 1000))
    rows = {"p": (4, 500), "q": (0, 500)}  # 50 - 0.05 + 0.0004 and 50 - 0.05: both 49.95
    proposals = [
        RankedProposal(k, k, sheets(row, row, row, criteria=criteria)) for k, row in rows.items()
    ]
    lines = rank_proposals(RoundRules(criteria, 1), proposals)
    assert lines[0].result.exact != lines[1].result.exact
    assert [(line.rank, line.zone, line.tied) for line in lines] == [(1, "tied", 2)] * 2


def test_a_tie_at_the_cut_goes_to_the_committee() -> None:
    rules = RoundRules(ONE, 2)
    tied = rank_proposals(
        rules, [alone(key, s, s, s) for key, s in (("a", 90), ("b", 80), ("c", 80))]
    )
    assert tie_message(rules, tied) == "第2名并列2项，系统不自动取舍，由评审委员会决定。"
    assert tie_message(rules, tied[:1]) is None


def test_ties_are_listed_by_heaviest_criterion_then_number() -> None:
    # weights 30, 25, 25, 20 after sorting; all four rows add up to 80.00
    rows = {
        "SB-2022-01-1000": (80, 80, 80, 80),
        "SB-2022-01-999": (80, 80, 80, 80),
        "SB-2022-01-001": (80, 85, 76, 80),
        "SB-2022-01-002": (90, 80, 74, 74),
    }
    proposals = [RankedProposal(k, k, sheets(*[row] * 3, criteria=FOUR)) for k, row in rows.items()]
    lines = rank_proposals(RoundRules(FOUR, 1), proposals)
    assert [line.key[-4:] for line in lines] == ["-002", "-999", "1000", "-001"]
    assert {line.rank for line in lines} == {1}


def test_too_few_sheets_hold_a_proposal_back() -> None:
    rules = RoundRules(ONE, 1)
    for confirmed, zone in ((False, "short"), (True, "in")):
        lines = rank_proposals(
            rules, [alone("a", 99, 99, confirmed=confirmed), alone("b", 70, 70, 70)]
        )
        assert [(line.key, line.rank, line.zone) for line in lines] == [
            ("a", 1, zone),
            ("b", 2, "out"),
        ]
        assert lines[0].result.flags == ("评审数不足",)


def test_a_proposal_without_a_score_is_listed_last() -> None:
    empty = RankedProposal("z", "SB-2022-01-001", ())
    lines = rank_proposals(RoundRules(ONE, 2), [empty, alone("a", 10, 10, 10)])
    assert [(line.key, line.rank, line.zone) for line in lines] == [
        ("a", 1, "in"),
        ("z", None, "unranked"),
    ]


def test_two_proposals_with_one_key_are_refused() -> None:
    with pytest.raises(ValueError, match="one key"):
        rank_proposals(RoundRules(ONE, 1), [alone("a", 1), alone("a", 2)])


def test_ten_thousand_proposals_rank_within_seconds() -> None:
    random = Random(1)
    proposals = [
        RankedProposal(
            str(index),
            f"SB-2022-01-{index:03d}",
            sheets(*[[random.randint(0, 100) for _ in FOUR] for _ in range(5)], criteria=FOUR),
        )
        for index in range(1, 10_001)
    ]
    start = time.process_time()
    lines = rank_proposals(RoundRules(FOUR, 12), proposals)
    assert time.process_time() - start < 6  # about 1 s on two plain cores
    assert len(lines) == 10_000
    shown = [line.result.score for line in lines if line.result.score is not None]
    assert shown == sorted(shown, reverse=True)
