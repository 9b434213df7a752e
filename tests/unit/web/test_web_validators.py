"""What people may type, and what they are told when they may not."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from lab.web.typed.dates import parse_beijing, parse_date
from lab.web.typed.numbers import parse_decimal, parse_integer
from lab.web.typed.text import (
    TextError,
    as_read,
    character_problem,
    check_characters,
    clean_text,
    count_characters,
    displayable,
    normalise,
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
        ("甲乙\x08", "“甲乙�”中标“�”的是看不见的控制字符，请改成正确的字或删去。"),
        ("\x00", "“�”中标“�”的是看不见的控制字符，"),
        ("甲\x81乙", "“甲�乙”中标“�”的是看不见的控制字符，"),
        ("甲\ud800", "“甲�”中标“�”的是不完整的字符，"),
        ("甲\ufdd0", "“甲�”中标“�”的是无法识别的字符，"),
        ("\U0001ffff", "“�”中标“�”的是无法识别的字符，"),
        ("甲\ufffd", "“甲�”中标“�”的是无法识别的字符，"),
        ("甲\ue000乙", "“甲�乙”中标“�”的是打印不出的字符，"),
        ("甲\ufff9乙", "“甲�乙”中标“�”的是打印不出的字符，"),
        ("甲\ufffc乙", "“甲�乙”中标“�”的是图片或对象的占位，"),
        ("甲\u202e乙", "“甲�乙”中标“�”的是改变文字方向的字符，"),
        ("一二三四五六七八九\x01十" + "字" * 20, "“…二三四五六七八九�十字字字字字字字…”中标"),
        ("甲\n\n\x01\t乙", "“甲 � 乙”中标"),
        ("甲\x01乙\x02丙", "“甲�乙�丙”中标“�”的是看不见的控制字符，共2处，"),
        ("\x01" + "字" * 20 + "\ue000", "“�字字字字字字字字…”、“…字字字字字字字字�”中标“�”的是"),
        ("甲\x01\ue000", "“甲��”中标“�”的是看不见的控制字符、打印不出的字符，共2处，"),
        ("\x01".join("字" * 20 for _ in range(6)), "“…字字字字字字字字�字字字字字字字字…”、"),
    ],
)
@pytest.mark.parametrize("multiline", [False, True])
def test_a_refused_character_is_shown_where_it_stands(
    typed: str, words: str, multiline: bool
) -> None:
    with pytest.raises(TextError) as caught:
        clean_text(typed, multiline=multiline)
    assert str(caught.value).startswith(words) and str(caught.value).count("“") <= 4
    assert "�" in displayable(typed)
    assert clean_text(without_refused(typed), multiline=True) == without_refused(typed)


PASTED = [
    ("\uf0b7 一\n\uf0a7 二\n\uf0d8 三\n\uf0fc 四", "• 一\n▪ 二\n➢ 三\n✓ 四"),
    ("l\t一\nn\t二\nu\t 三\nØ\t四\nü\t五", "● 一\n■ 二\n◆ 三\n➢ 四\n✓ 五"),
    ("  §\t一\n\u3000·\t二\no\t三", "▪ 一\n\u3000• 二\n○ 三"),
    ("level\t一\nlab\t二", "level\t一\nlab\t二"),
    ("一\x0b二\x0c三\u2028四", "一\n二\n三\n四"),
    ("甲\x07乙\x07", "甲\t乙"),
    ("5\u00a0000\u202f元", "5 000 元"),
    ("一\u2003二\u2009三", "一\u3000二 三"),
    ("软\u00ad连\u200b接符\ufeff号\u200e", "软连接符号"),
    ("A\x1eB\u2011C\x1fD", "A-B-CD"),
    ("≥\uf0b3≤\uf0a3×\uf0b4", "≥≥≤≤××"),
    ("\x93引号\x94\x96\x85", "“引号”–…"),
    ("⼯作⽤户", "工作用户"),
    ("全\ue5e5角", "全\u3000角"),
    ("👩\u200d💻", "👩\u200d💻"),
]


@pytest.mark.parametrize("pasted", ["\tl\t甲", "\u2060o\t甲", " \u200b n\t乙", "\u3000u\t丙\n"])
def test_saving_again_what_was_saved_changes_nothing(pasted: str) -> None:
    stored = clean_text(pasted, multiline=True)
    assert clean_text(stored, multiline=True) == stored
    assert stored[1:2] == " " and not stored[0].isascii()


@pytest.mark.parametrize(("pasted", "stored"), PASTED)
def test_pasted_marks_become_what_they_looked_like(pasted: str, stored: str) -> None:
    assert (
        clean_text(pasted, multiline=True) == clean_text(stored, multiline=True) == stored.strip()
    )
    assert displayable(pasted).strip() == stored.strip()


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("甲\n", "甲"), ("甲\n乙", "甲 乙"), ("甲\t\r\n 乙", "甲 乙"), ("甲 \x0b乙", "甲 乙")],
)
def test_line_ends_inside_a_line_become_blanks(typed: str, stored: str) -> None:
    assert clean_text(typed) == stored


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
    [
        *("2022-07-01", "2022-7-1", "20220701", "2022/7/1", "2022.7.1", "2022.07.01", "2022、7、1"),
        *("2022年7月1日", "2022年7月1号", "2022年07月01日", "2022年7月1", "2022 年 7 月 1 日"),
        *(
            "２０２２年７月１日",
            "２０２２．７．１",
            "２０２２－０７－０１",
            "２０２２／７／１",
            "２０２２０７０１",
        ),
        *("二〇二二年七月一日", "二零二二年七月一号", "2022年七月一日", "2022–07–01", "2022—7—1"),
        *("2022-07-01 00:00:00", "2022/7/1 0:00", "2022-07-01T00:00:00", "2022年7月1日00:00"),
        *("2022年7月1日（星期五）", "2022年7月1日 周五", "2022-07-01(周五)", " 2022-07-01\n"),
    ],
)
def test_days_are_read_in_all_usual_forms(typed: str) -> None:
    assert parse_date(typed) == date(2022, 7, 1)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("12月1号", date(2026, 12, 1)),
        ("12月1日", date(2026, 12, 1)),
        ("十二月三十一日", date(2026, 12, 31)),
        ("１０月１０日", date(2026, 10, 10)),
        ("3月1日", date(2027, 3, 1)),
        ("2月29日", date(2028, 2, 29)),
    ],
)
def test_a_day_without_a_year_is_the_nearest(typed: str, read: date) -> None:
    near = date(2027, 12, 1) if read.year == 2028 else date(2026, 11, 30)
    assert parse_date(typed, today=near) == read


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("2022年7月1日（星期六）", "2022年7月1日是周五，请检查日期。"),
        ("22.7.1", "请把年份写成四位，如：2022年7月1日。"),
        ("22年7月1日", "请把年份写成四位，如：2022年7月1日。"),
        ("2022.13.1", "没有“2022.13.1”这一天，请检查日期。"),
        ("2022-7/1", "请按“2022年7月1日”或“2022-07-01”的样子填写日期。"),
        ("2月30日", "没有“2月30日”这一天，请检查日期。"),
        ("2022-07-01 09:30", "请按“2022年7月1日”或“2022-07-01”的样子填写日期。"),
    ],
)
def test_what_is_wrong_with_a_day_is_told(typed: str, said: str) -> None:
    with pytest.raises(TextError) as caught:
        parse_date(typed)
    assert str(caught.value) == said


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
        read = as_read(character)
        fault = "".join(map(character_problem, read))
        try:
            check_characters(character)
        except TextError:
            assert fault, hex(code)
        else:
            assert not fault, hex(code)
        shown = displayable(f"甲{character}乙")
        assert shown == ("甲\ufffd乙" if fault else f"甲{read}乙"), hex(code)
        assert as_read(read) == read, hex(code)
