"""What a search finds: words of the index, terms of a query, marks in a snippet."""

from __future__ import annotations

import random

import pytest

from lab.proposals.rules.matching import (
    MAX_QUERY_LENGTH,
    MAX_TERMS,
    fields_with_hits,
    index_words,
    mark_hits,
    parse_terms,
    snippet,
)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", []),
        ("园", ["园"]),
        ("园区", ["园区", "区"]),
        ("园区缴费", ["园区", "区缴", "缴费", "费"]),
        ("园区，缴费。", ["园区", "区", "缴费", "费"]),
        ("SB-2022-01-007", ["sb", "2022", "01", "007"]),
        ("使用ＮＦＣ卡", ["使用", "用", "nfc", "卡"]),
        ("5G园区", ["5g", "园区", "区"]),
        ("100%_'\"()*", ["100"]),
        ("𠮷野家", ["𠮷野", "野家", "家"]),
        ("\x00\ud800😀", []),
    ],
)
def test_texts_are_tokenised(text: str, wanted: list[str]) -> None:
    assert index_words(text) == wanted


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("", []),
        ("  　 ", []),
        ("😀 '\"%_*()-", []),
        ("园区", [(("园区",), False, False)]),
        ("园区缴费", [(("园区", "区缴", "缴费"), False, False)]),
        ("园区 缴费", [(("园区",), False, False), (("缴费",), False, False)]),
        ("园区　缴费", [(("园区",), False, False), (("缴费",), False, False)]),
        ("园", [(("园",), True, True)]),
        ("2022年", [(("2022",), True, False), (("年",), True, False)]),
        ("sb-2022-01-0", [(("sb", "2022", "01", "0"), True, False)]),
        ("ＳＢ－２０２２", [(("sb", "2022"), True, False)]),
        ("园区 园区", [(("园区",), False, False)]),
        ('"园区" AND NOT NEAR(缴费)', None),
    ],
)
def test_queries_become_terms(query: str, wanted: list[object] | None) -> None:
    found = [(term.words, term.begun, term.narrow) for term in parse_terms(query)]
    if wanted is None:  # signs and words of a query language are text like any other
        wanted = [
            (("园区",), False, False),
            (("and",), True, False),
            (("not",), True, False),
            (("near",), True, False),
            (("缴费",), False, False),
        ]
    assert found == wanted


def test_a_long_query_is_cut_and_keeps_few_terms() -> None:
    many = parse_terms(" ".join(f"词语{i}" for i in range(200)))
    assert len(many) <= MAX_TERMS
    assert sum(map(len, parse_terms("长" * 500)[0].words)) <= 2 * MAX_QUERY_LENGTH


def test_every_substring_is_indexed_as_a_phrase() -> None:
    rng = random.Random(7)
    text = "".join(rng.choice("园区缴费社，12a ") for _ in range(300))
    stored = index_words(text)
    for _ in range(300):
        start = rng.randrange(len(text) - 6)
        part = text[start : start + rng.randint(2, 6)]
        for term in parse_terms(part):
            length = len(term.words)
            assert any(
                tuple(stored[i : i + length - 1]) == term.words[:-1]
                and stored[i + length - 1].startswith(term.words[-1])
                for i in range(len(stored) - length + 1)
            ) or not term.pattern.search(text), (part, term)


def test_a_phrase_does_not_reach_over_a_sign() -> None:
    stored = index_words("园区。缴费")
    phrase = parse_terms("区缴")[0].words
    assert phrase[0] not in stored


@pytest.mark.parametrize(
    ("query", "text", "wanted"),
    [
        ("缴费", "园区缴费难", "园区[缴费]难"),
        ("nfc", "使用ＮＦＣ卡", "使用[ＮＦＣ]卡"),
        ("NFC", "nfc与NFC", "[nfc]与NFC"),
        ("2022-01", "SB-2022-01-007", "SB-[2022-01]-007"),
        ("园区 区缴", "园区缴费", "[园区缴]费"),
        ("平米", "十㎡即十平米", "十㎡即十[平米]"),
        ("m2", "十㎡大", "十[㎡]大"),
        ("没有", "园区缴费", "园区缴费"),
        ("<b>", "<b>粗</b>", "<[b]>粗</[b]>"),
    ],
)
def test_hits_are_marked_in_the_text_as_written(query: str, text: str, wanted: str) -> None:
    shown = "".join(f"[{p.text}]" if p.hit else p.text for p in mark_hits(parse_terms(query), text))
    assert shown == wanted


def test_a_snippet_shows_the_first_hit_in_context() -> None:
    text = "前" * 100 + "园区" + "后" * 100
    shown = snippet(parse_terms("园区"), text)
    assert [piece.text for piece in shown if piece.hit] == ["园区"]
    assert shown[0].text == shown[-1].text == "…"
    assert sum(len(piece.text) for piece in shown) <= 82
    assert snippet(parse_terms("没有"), text) == ()
    assert "".join(piece.text for piece in snippet(parse_terms("园区"), "园区缴费")) == "园区缴费"


def test_the_fields_that_hold_a_term_are_named_in_their_order() -> None:
    fields = {"title": "园区缴费", "unit": "东城支行", "text": "在园区ＮＦＣ"}
    assert fields_with_hits(parse_terms("园区"), fields) == ("title", "text")
    assert fields_with_hits(parse_terms("nfc 支行"), fields) == ("unit", "text")
