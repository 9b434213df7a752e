"""What people see of a change: the words that came and went, to the letter."""

from __future__ import annotations

import random
import time
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Any

import pytest

from lab.text_diff import (
    ADDED,
    CHANGED,
    MOST_LOOKS,
    REMOVED,
    SAME,
    Piece,
    diff_rows,
    diff_text,
    diff_value,
)

MARKS = {SAME: "", ADDED: "+", REMOVED: "-"}


def marked(before: str, after: str) -> str:
    """The pieces as one line: [+came] [-went] and plain text."""
    return "".join(
        piece.text if piece.kind == SAME else f"[{MARKS[piece.kind]}{piece.text}]"
        for piece in diff_text(before, after)
    )


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        ("", "", ""),
        ("园区缴费。", "园区缴费。", "园区缴费。"),
        ("", "新写的话。", "[+新写的话。]"),
        ("旧的话。", "", "[-旧的话。]"),
        (
            "甲方出资。乙方实施。",
            "甲方出资。丙方监督。乙方实施。",
            "甲方出资。[+丙方监督。]乙方实施。",
        ),
        (
            "计划开户1200户，六月上线。",
            "计划开户1500户，六月上线。",
            "计划开户[-1200][+1500]户，六月上线。",
        ),
        (
            "园区缴费以现金为主，对账困难。",
            "园区缴费以刷卡为主，对账困难。",
            "园区缴费以[-现金][+刷卡]为主，对账困难。",
        ),
        ("分三个阶段实施。", "分三个阶段、两个片区实施。", "分三个阶段[+、两个片区]实施。"),
        ("使用APP缴费。", "使用小程序缴费。", "使用[-APP][+小程序]缴费。"),
    ],
)
def test_changed_text_is_marked_and_the_rest_left_alone(
    before: str, after: str, wanted: str
) -> None:
    assert marked(before, after) == wanted


def test_single_characters_between_changes_are_merged() -> None:
    found = diff_text("东城支行负责对账核销。", "西单网点负责清算入账。")
    assert len([piece for piece in found if piece.kind == SAME]) <= 3


def texts(seed: int) -> tuple[str, str]:
    chance = random.Random(seed)
    signs = "数字人民币园区缴费试点。，；\n12月AB𠮷é"
    before = "".join(chance.choice(signs) for _ in range(chance.randrange(200)))
    after = list(before)
    for _ in range(chance.randrange(20)):
        place = chance.randrange(len(after) + 1)
        after[place : place + chance.randrange(4)] = chance.choice(["", "新", "改动了的"])
    return before, "".join(after)


@pytest.mark.parametrize("seed", range(200))
def test_both_texts_can_be_read_off_the_difference_to_the_letter(seed: int) -> None:
    before, after = texts(seed)
    pieces = diff_text(before, after)
    assert "".join(p.text for p in pieces if p.kind != ADDED) == before
    assert "".join(p.text for p in pieces if p.kind != REMOVED) == after
    assert all(p.text for p in pieces)
    assert all(a.kind != b.kind for a, b in pairwise(pieces))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("一" * 1500, "一" * 1499 + "二"),
        ("一二" * 750, "二一" * 750),
        ("。" * 1500, "。" * 1400),
        ("甲乙丙丁" * 375, "丁丙乙甲" * 375),
    ],
)
def test_the_longest_and_dullest_texts_are_compared_at_once(before: str, after: str) -> None:
    began = time.perf_counter()
    pieces = diff_text(before, after)
    assert time.perf_counter() - began < 2
    assert "".join(p.text for p in pieces if p.kind != ADDED) == before


def one_between_others(begin: int) -> str:
    """One character again and again, with another one between each two of it."""
    return "".join("的" + chr(begin + n) for n in range(440))


DULL = [
    (one_between_others(0x4E00), one_between_others(0x5E00)),
    ("的" * 8000, "的" * 7999),
    ("".join("的" * n + "甲" for n in range(40)), "".join("的" * n + "乙" for n in range(40))),
    ("。".join(["的" * 60] * 60), "。".join(["的" * 59 + "甲"] * 60)),
]


@pytest.mark.parametrize(("before", "after"), DULL)
def test_a_comparison_looks_at_no_more_than_it_may(
    before: str, after: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted by the pairs of equal signs that the library looks at."""
    looked = 0
    search = SequenceMatcher.find_longest_match

    def counted(self: Any, alo: int, ahi: int, blo: int, bhi: int) -> Any:
        nonlocal looked
        looked += sum(len(self.b2j.get(part, ())) for part in self.a[alo:ahi])
        return search(self, alo, ahi, blo, bhi)

    monkeypatch.setattr(SequenceMatcher, "find_longest_match", counted)
    pieces = diff_text(before, after)
    assert looked <= MOST_LOOKS
    assert "".join(p.text for p in pieces if p.kind != ADDED) == before
    assert "".join(p.text for p in pieces if p.kind != REMOVED) == after


def test_repetitive_texts_still_share_their_ends() -> None:
    pieces = diff_text("的" * 5000 + "旧" + "的" * 3000, "的" * 5000 + "新" + "的" * 3000)
    assert [(piece.kind, len(piece.text)) for piece in pieces] == [
        (SAME, 5000),
        (REMOVED, 1),
        (ADDED, 1),
        (SAME, 3000),
    ]


def test_rows_are_matched_by_name() -> None:
    before = [("开户数", "0", "1200"), ("商户数", "5", "30"), ("交易额", "0", "10")]
    after = [("商户数", "5", "45"), ("交易额", "0", "10"), ("活跃数", "0", "8")]
    found = diff_rows(before, after)
    assert [row.kind for row in found] == [CHANGED, SAME, ADDED, REMOVED]
    assert found[0].cells[2] == (Piece(REMOVED, "30"), Piece(ADDED, "45"))
    assert found[0].cells[0] == (Piece(SAME, "商户数"),)
    assert found[2].cells[0] == (Piece(ADDED, "活跃数"),)
    assert found[3].cells[0] == (Piece(REMOVED, "开户数"),)


def test_two_rows_of_one_name_are_two_rows() -> None:
    found = diff_rows([("上线", "7月"), ("上线", "8月")], [("上线", "7月")])
    assert [row.kind for row in found] == [SAME, REMOVED]


def test_a_value_is_shown_as_a_whole() -> None:
    assert diff_value("12万元", "15万元") == (Piece(REMOVED, "12万元"), Piece(ADDED, "15万元"))
    assert diff_value("", "") == ()
    assert diff_value("", "新") == (Piece(ADDED, "新"),)
