"""The checks of typed text over the whole corpus."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from lab.web.typed.dates import parse_beijing, parse_date
from lab.web.typed.numbers import parse_decimal, parse_integer
from lab.web.typed.text import (
    TextError,
    clean_text,
    count_characters,
    displayable,
    without_refused,
)
from tests.support.corpus.cases import CASES, at_limit, families, sample
from tests.support.corpus.forms import stored_form
from tests.support.corpus.texts import DATES, NUMBERS

NUMBERS_READ = {
    "-1": "-1",
    "-0": "0",
    "+0": "0",
    "007": "7",
    "1.": "1",
    ".5": "0.5",
    "1,000": "1000",
    "１２３": "123",
    "１，０００": "1000",
    "−5": "-5",
    "9" * 18: "9" * 18,
    "99999999999.999": "99999999999.999",
    "1.001": "1.001",
    "12.345": "12.345",
    "0.005": "0.005",
    "9007199254740993": "9007199254740993",
    "2147483648": "2147483648",
    "1．5": "1.5",
    "\u200b5\u200b": "5",
}
DAYS_READ = {
    "9999-12-31": date(9999, 12, 31),
    "1900-01-01": date(1900, 1, 1),
    "1970-01-01": date(1970, 1, 1),
    "2038-01-19": date(2038, 1, 19),
    "2024-02-29": date(2024, 2, 29),
    "2022-1-1": date(2022, 1, 1),
    "2022/1/1": date(2022, 1, 1),
    "20220101": date(2022, 1, 1),
    "２０２２－０７－０１": date(2022, 7, 1),
    "2022-07-01\n": date(2022, 7, 1),
    "2022.1.1": date(2022, 1, 1),
    "0001-01-01 00:00": date(1, 1, 1),
    "二〇二二年七月一日": date(2022, 7, 1),
}
TIMES_READ = {
    "9999-12-31 23:59": datetime(9999, 12, 31, 15, 59, tzinfo=UTC),
    "2022年7月1日 9：05": datetime(2022, 7, 1, 1, 5, tzinfo=UTC),
}


def answer(text: str, *, multiline: bool, limit: int | None = None) -> str | None:
    """The stored form, None when the text is refused."""
    try:
        return clean_text(text, limit=limit, multiline=multiline)
    except TextError:
        return None


def test_the_corpus_is_large_and_holds_each_text_once() -> None:
    sent = [case.as_sent() for case in CASES]
    assert len(CASES) >= 400
    assert len(set(sent)) == len(sent) and len({case.id for case in CASES}) == len(CASES)
    assert {case.family for case in sample(40)} == set(families())


@pytest.mark.parametrize("family", families())
def test_multiline_text_is_stored_composed_or_refused(family: str) -> None:
    for case in families()[family]:
        stored = answer(case.text, multiline=True)
        assert stored == (None if case.refused else stored_form(case)), case.id
        if case.refused:
            with pytest.raises(TextError, match=r"^“.*�.*”中标“�”的是.+，请改成正确的字或删去。$"):
                clean_text(case.text, multiline=True)


@pytest.mark.parametrize("family", families())
def test_one_line_holds_blanks_for_line_ends_and_tabs(family: str) -> None:
    for case in families()[family]:
        stored = answer(case.text, multiline=False)
        expected = None if case.refused else stored_form(case, multiline=False)
        assert stored == expected, case.id
        assert stored is None or not {"\n", "\t"} & set(stored), case.id


@pytest.mark.parametrize("family", families())
def test_what_a_page_or_a_draft_carries_can_be_sent_again(family: str) -> None:
    for case in families()[family]:
        shown = displayable(case.text)
        shown.encode()  # a page can be sent
        assert (answer(shown, multiline=True) is None) is case.refused, case.id
        kept = without_refused(case.text)
        composed = unicodedata.normalize("NFC", kept)
        assert answer(kept, multiline=True) == kept == composed, case.id
        assert count_characters(kept) == len(kept), case.id


def test_a_limit_counts_characters_of_the_stored_form() -> None:
    less, equal, over = at_limit(50)
    assert answer(less.text, multiline=False, limit=50) == less.text
    assert answer(equal.text, multiline=False, limit=50) == equal.text
    assert answer(over.text, multiline=False, limit=50) is None
    assert answer("e\u0301" * 50, multiline=False, limit=50) == "é" * 50


@pytest.mark.parametrize("text", NUMBERS)
def test_numbers_are_read_exactly_or_refused(text: str) -> None:
    try:
        read = parse_decimal(text, decimals=3)
    except TextError:
        read = None
    assert read == (Decimal(NUMBERS_READ[text]) if text in NUMBERS_READ else None)


@pytest.mark.parametrize("text", NUMBERS)
def test_whole_numbers_are_read_exactly_or_refused(text: str) -> None:
    try:
        read = parse_integer(text)
    except TextError:
        read = None
    whole = NUMBERS_READ.get(text, ".")
    plain = "." not in whole and text != "1."
    assert read == (int(whole) if plain else None)


@pytest.mark.parametrize("text", DATES)
def test_days_and_times_are_read_exactly_or_refused(text: str) -> None:
    for parse, known in ((parse_date, DAYS_READ), (parse_beijing, TIMES_READ)):
        try:
            read = parse(text)
        except TextError:
            read = None
        assert read == known.get(text), parse
