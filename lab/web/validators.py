"""Validate typed text, numbers and dates. Pure: text in, clean value or Chinese message out.

Office rule: stored text must survive page, search, PDF, spreadsheet and re-import unchanged, so
characters that some of them drop or reject are refused at input, with their position.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime
from decimal import Decimal

from lab.clock import BEIJING

REPLACEMENT = "\ufffd"
# Invisible characters that people paste without knowing; harmless inside, meaningless outside.
OUTER_BLANKS = "\ufeff\u200b\u200c\u200d\u2060"
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Every character that `character_problem` finds fault with, and no other: texts are searched by
# this first.
_SUSPECT = re.compile(
    "[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufff9-\ufffb\ufffd-\uffff"
    "\ud800-\udfff\ue000-\uf8ff\U000f0000-\U0010ffff"
    + "".join(f"{chr(n + 0xFFFE)}{chr(n + 0xFFFF)}" for n in range(0x10000, 0xF0000, 0x10000))
    + "]"
)
_LINE_ENDS = re.compile(r"\r\n?|[\u2028\u2029]")
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．，－＋", "0123456789.,-+")
_INTEGER = re.compile(r"[+-]?\d{1,18}")
_DECIMAL = re.compile(r"[+-]?(\d{1,18}(\.\d*)?|\.\d+)")
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?")
_DATE = re.compile(
    r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|年(\d{1,2})月(\d{1,2})日|(\d{2})(\d{2}))"
)
_TIME = re.compile(r"(\d{1,2})[:：](\d{2})(?::(\d{2})(?:\.0+)?)?")


class TextError(ValueError):
    """A typed value is refused; the message is a Chinese sentence for the writer."""


def unify_lines(text: str) -> str:
    """Return `text` with every line end as a line feed."""
    if "\r" in text or "\u2028" in text or "\u2029" in text:
        return _LINE_ENDS.sub("\n", text)
    return text


def trim(text: str) -> str:
    """Return `text` without blanks (full-width and invisible ones included) at either end."""
    previous = None
    while previous != text:
        previous, text = text, text.strip().strip(OUTER_BLANKS)
    return text


def normalise(text: str) -> str:
    """Return the stored form of `text`: uniform line ends, trimmed, NFC."""
    return unicodedata.normalize("NFC", trim(unify_lines(text)))


def count_characters(text: str) -> int:
    """Return how many characters (code points, punctuation included) the stored form has."""
    return len(normalise(text))


def _is_noncharacter(code: int) -> bool:
    return 0xFDD0 <= code <= 0xFDEF or code & 0xFFFE == 0xFFFE


def _is_unprintable(character: str) -> bool:
    # Private use and annotation marks: with one of them in a PDF, none of its text can be
    # searched or copied any more.
    return unicodedata.category(character) == "Co" or "\ufff9" <= character <= "\ufffb"


def character_problem(character: str, *, multiline: bool) -> str:
    """Return what is wrong with one character, in Chinese, "" when it may be stored."""
    code = ord(character)
    if character == "\n":
        return "" if multiline else "换行"
    if character == "\t":
        return "" if multiline else "制表符"
    if code < 0x20 or 0x7F <= code <= 0x9F:
        return "看不见的控制字符"
    if 0xD800 <= code <= 0xDFFF:
        return "不完整的字符"
    if _is_noncharacter(code) or character == REPLACEMENT:
        return "无法识别的字符"
    if _is_unprintable(character):
        return "打印不出的字符"
    return "隐藏的文字方向字符" if character in _BIDI else ""


def check_characters(text: str, *, multiline: bool = False) -> None:
    """Raise `TextError` with the position (from 1) and code of the first refused character.

    Positions count from the first typed character, blanks included; a line end counts as one.
    """
    if _is_plain(text):
        return
    for match in _SUSPECT.finditer(unify_lines(text)):
        problem = character_problem(match[0], multiline=multiline)
        if problem:
            position = match.start() + 1
            raise TextError(
                f"第{position}个字符是{problem}（U+{ord(match[0]):04X}），请删去或重新输入。"
            )


def clean_text(text: str, *, limit: int | None = None, multiline: bool = False) -> str:
    """Return the stored form of `text`.

    `limit` is the maximum number of characters (code points of the stored form). Single-line text
    ignores line ends and tabs at its edges and refuses them inside. Raises `TextError` for a
    refused character or for text that is too long.
    """
    typed = unify_lines(text)
    check_characters(typed if multiline else typed.strip("\n\t"), multiline=multiline)
    clean = normalise(typed)
    if limit is not None and len(clean) > limit:
        over = len(clean) - limit
        raise TextError(f"最多{limit}个字符，现有{len(clean)}个，请删去{over}个。")
    return clean


def displayable(text: str) -> str:
    """Return `text` with refused characters as U+FFFD, so that a page can contain it.

    U+FFFD is itself refused, so resending the page cannot store it by accident.
    """
    return _replace_refused(unify_lines(text), REPLACEMENT)


def _is_plain(text: str) -> bool:
    """Return whether a single scan shows that no character needs its own check."""
    return text.isprintable() and REPLACEMENT not in text


def _replace_refused(text: str, instead: str) -> str:
    if _is_plain(text):
        return text
    return _SUSPECT.sub(
        lambda c: instead if character_problem(c[0], multiline=True) else c[0], text
    )


def without_refused(text: str) -> str:
    """Return the stored form of `text` without refused characters (for saved drafts)."""
    return normalise(_replace_refused(unify_lines(text), ""))


def _figure(text: str) -> str:
    figure = trim(text).translate(_FULL_WIDTH).replace("−", "-")
    return figure.replace(",", "") if _GROUPED.fullmatch(figure) else figure


def parse_integer(text: str) -> int:
    """Parse an integer (full-width digits and 1,000 grouping are accepted).

    Raises `TextError` for anything else or for more than 18 digits.
    """
    figure = _figure(text)
    if not _INTEGER.fullmatch(figure) or not figure.isascii():
        raise TextError("请填写整数，如：12。")
    return int(figure)


def parse_decimal(text: str, *, decimals: int) -> Decimal:
    """Parse an exact number with at most `decimals` digits after the point.

    Raises `TextError` when it is no plain number or has more digits; nothing is rounded.
    """
    figure = _figure(text)
    if not _DECIMAL.fullmatch(figure) or not figure.isascii():
        raise TextError("请填写数字，如：12.5。" if decimals else "请填写整数，如：12。")
    number = Decimal(figure)
    fraction = figure.partition(".")[2].rstrip("0")
    if len(fraction) > decimals:
        raise TextError(f"小数点后最多{decimals}位。" if decimals else "请填写整数，不带小数。")
    return number.quantize(Decimal(1).scaleb(-decimals))


def parse_date(text: str) -> date:
    """Parse a date written 2022-07-01, 20220701, 2022/7/1 or 2022年7月1日.

    Raises `TextError` when it is written otherwise or does not exist.
    """
    match = _DATE.fullmatch(trim(text).translate(_FULL_WIDTH))
    if not match or not match.group().replace("年", "").replace("月", "").rstrip("日").isascii():
        raise TextError("请按“2022年7月1日”或“2022-07-01”的样子填写日期。")
    year, month, day = (int(part) for part in match.groups() if part is not None)
    try:
        return date(year, month, day)
    except ValueError:
        raise TextError(f"没有“{trim(text)}”这一天，请检查日期。") from None


def parse_beijing(text: str) -> datetime:
    """Parse a Beijing wall-clock time such as 2022-07-01T09:05 into an aware UTC datetime.

    The date may also be written 2022年7月1日, followed by a blank and the time. Raises `TextError`
    when date or time cannot be parsed.
    """
    day, _, time = trim(text).replace("T", " ").partition(" ")
    if "日" in text and not time:
        head, mark, time = trim(text).partition("日")
        day = head + mark
    match = _TIME.fullmatch(trim(time).translate(_FULL_WIDTH))
    if not match or not match.group().replace("：", ":").isascii():
        raise TextError("请填写日期和时间，如：2022-07-01 09:05。")
    hour, minute, second = (int(part or 0) for part in match.groups())
    on = parse_date(day)
    if hour > 23 or minute > 59 or second > 59:
        raise TextError("时间应在0:00到23:59之间。")
    try:
        local = datetime(on.year, on.month, on.day, hour, minute, second, tzinfo=BEIJING)
        return local.astimezone(UTC)
    except OverflowError:
        raise TextError("日期超出可用范围。") from None
