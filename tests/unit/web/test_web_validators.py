"""What people may type, and what they are told when they may not."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from lab.web.validators import (
    TextError,
    character_problem,
    check_characters,
    clean_text,
    count_characters,
    displayable,
    normalise,
    parse_beijing,
    parse_date,
    parse_decimal,
    parse_integer,
    without_refused,
)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  邮银\u3000", "邮银"),
        ("\ufeff邮银\u200b", "邮银"),
        ("e\u0301", "é"),
        ("𬸚䶮喆", "𬸚䶮喆"),
        ("👩\u200d💻", "👩\u200d💻"),
        ("\u200b \u3000", ""),
        ("=1+1", "=1+1"),
        ("<b>&amp;", "<b>&amp;"),
    ],
)
def test_text_is_stored_trimmed_and_in_one_form(typed: str, stored: str) -> None:
    assert clean_text(typed) == stored
    assert clean_text(stored) == stored


def test_several_lines_keep_their_line_ends_as_line_feeds() -> None:
    assert clean_text("一\r\n二\r三\u2028四\n", multiline=True) == "一\n二\n三\n四"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("甲乙\x07", "第3个字符是看不见的控制字符（U+0007）"),
        ("\x00", "第1个字符是看不见的控制字符（U+0000）"),
        ("甲\x85乙", "第2个字符是看不见的控制字符（U+0085）"),
        ("甲\ud800", "第2个字符是不完整的字符（U+D800）"),
        ("甲\ufdd0", "第2个字符是无法识别的字符（U+FDD0）"),
        ("\U0001ffff", "第1个字符是无法识别的字符（U+1FFFF）"),
        ("甲\ufffd", "第2个字符是无法识别的字符（U+FFFD）"),
        ("甲\ue000乙", "第2个字符是打印不出的字符（U+E000）"),
        ("甲\ufff9乙", "第2个字符是打印不出的字符（U+FFF9）"),
        ("甲\u202e乙", "第2个字符是隐藏的文字方向字符（U+202E）"),
    ],
)
@pytest.mark.parametrize("multiline", [False, True])
def test_a_refused_character_is_named_with_its_position(
    typed: str, words: str, multiline: bool
) -> None:
    with pytest.raises(TextError) as caught:
        clean_text(typed, multiline=multiline)
    assert str(caught.value).startswith(words)
    assert "�" in displayable(typed)
    assert clean_text(without_refused(typed)) == without_refused(typed)


def test_line_ends_are_refused_only_inside_a_line() -> None:
    assert clean_text("甲\n") == "甲"
    with pytest.raises(TextError, match="第2个字符是换行"):
        clean_text("甲\n乙")


def test_the_position_counts_a_windows_line_end_as_one_character() -> None:
    with pytest.raises(TextError, match="第3个字符"):
        clean_text("甲\r\n\x01", multiline=True)


def test_the_limit_counts_characters_of_the_stored_form() -> None:
    assert clean_text("  " + "𬸚" * 5 + "  ", limit=5) == "𬸚" * 5
    with pytest.raises(TextError, match="最多5个字符，现有7个，请删去2个。"):
        clean_text("字" * 7, limit=5)
    assert count_characters(" e\u0301\r\n\r\n好。 ") == len(normalise("é\n\n好。")) == 5


@pytest.mark.parametrize(
    ("typed", "value"), [("12", 12), (" １２ ", 12), ("-5", -5), ("19,146", 19146)]
)
def test_whole_numbers_are_read_as_people_type_them(typed: str, value: int) -> None:
    assert parse_integer(typed) == value


@pytest.mark.parametrize(
    "typed", ["十二", "1.5", "1e3", "٣", "1,2", "9" * 19, "--1", "0x10", "1 2", "①"]
)
def test_what_is_no_whole_number_is_refused(typed: str) -> None:
    with pytest.raises(TextError):
        parse_integer(typed)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("12.5", "12.50"),
        ("１２．５", "12.50"),
        (".5", "0.50"),
        ("1,234.50", "1234.50"),
        ("3.000", "3.00"),
    ],
)
def test_decimals_stay_exact(typed: str, value: str) -> None:
    assert str(parse_decimal(typed, decimals=2)) == value


@pytest.mark.parametrize("typed", ["1.234", "NaN", "Infinity", "1e2", "一", "1.2.3", "."])
def test_decimals_are_never_rounded_or_guessed(typed: str) -> None:
    with pytest.raises(TextError):
        parse_decimal(typed, decimals=2)
    assert parse_decimal("0.1", decimals=1) + parse_decimal("0.2", decimals=1) == Decimal("0.3")


@pytest.mark.parametrize(
    "typed",
    ["2022-07-01", "2022-7-1", "20220701", "2022/7/1", "2022年7月1日", "２０２２年７月１日"],
)
def test_days_are_read_in_all_usual_forms(typed: str) -> None:
    assert parse_date(typed) == date(2022, 7, 1)


@pytest.mark.parametrize(
    "typed",
    [
        "2022-02-30",
        "2022-13-01",
        "0000-01-01",
        "昨天",
        "2022年7月",
        "1/7/2022",
        "202271",
        "20221301",
        "٢٠٢٢-07-01",
    ],
)
def test_what_is_no_day_is_refused(typed: str) -> None:
    with pytest.raises(TextError):
        parse_date(typed)


@pytest.mark.parametrize(
    "typed", ["2022-07-01T09:05", "2022-07-01 09:05", "2022年7月1日 9:05", "2022年7月1日9：05"]
)
def test_beijing_times_become_utc(typed: str) -> None:
    assert parse_beijing(typed) == datetime(2022, 7, 1, 1, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "typed", ["2022-07-01", "2022-07-01T24:00", "T09:05", "0001-01-01T00:00", "x"]
)
def test_what_is_no_time_is_refused(typed: str) -> None:
    with pytest.raises(TextError):
        parse_beijing(typed)


def test_every_character_with_a_fault_is_found_and_no_other() -> None:
    """Texts are first looked at as a whole; that look must not overlook anything."""
    ends = [plane + end for plane in range(0, 0x110000, 0x10000) for end in (0, 0xFFFE, 0xFFFF)]
    for code in (*range(0x10000), *ends, 0x20000, 0x1F600, 0xF1234, 0x10ABCD):
        character = chr(code)
        fault = character_problem(character, multiline=False)
        try:
            check_characters(character if character not in "\r\u2028\u2029" else "\n")
        except TextError:
            assert fault or character in "\u2028\u2029", hex(code)
        else:
            assert not fault, hex(code)
        shown = displayable(f"甲{character}乙")
        if character_problem(character, multiline=True) and character != "\r":
            assert shown == "甲\ufffd乙", hex(code)
