"""What a spreadsheet shows for a stored number: its number format applied. Pure.

Codes as in ECMA-376 Part 1, 18.8.30 and 18.8.31, as far as offices use them; for any other code the
stored number is returned with a remark.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import cache

from lab.files.rules import date_formats
from lab.files.rules.format_tokens import DIGITS, Token, is_general, sections

_CHINESE_DIGITS = "显示为中文数字，按{}读取，请核对。"
LONGEST = 15  # digits that a spreadsheet keeps
PRECISION = 400  # digits of a calculation; a format has at most 255 characters
NAMED = 30  # characters of a number in a message
NO_NUMBER = "存的内容“{}”不是有效的数字，读不到内容。请重新输入这一格，保存后再上传。"


@dataclass(frozen=True)
class Shown:
    """The text that a cell shows.

    `number` is the number alone where the text says more (¥1,200), "" otherwise; `remark` how text
    and stored value differ; `problem` why there is nothing to read.
    """

    text: str
    number: str = ""
    remark: str = ""
    problem: str = ""


def shown(stored: str, code: str, *, from_1904: bool = False) -> Shown:
    """Return what a cell with this number format shows for a stored number.

    `from_1904`: days are counted from 1904, as workbooks of old Macs do.
    """
    value = _stored_number(stored)
    if value is None:
        return Shown("", problem=NO_NUMBER.format(stored[:NAMED]))
    if is_general(code):
        return _general(value)
    parts = sections(code)
    if date_formats.is_date(parts[0]):
        text, remark, problem = date_formats.shown_date(value, parts[0], from_1904=from_1904)
        return Shown(text, "", remark, problem)
    tokens = _section_for(value, parts)
    if tokens is None:
        return Shown(f"{value:f}", remark="数字格式较特殊，按实际存的数读取，请核对。")
    return _formatted(abs(value) if len(parts) > 1 else value, value, tokens)


def _stored_number(stored: str) -> Decimal | None:
    """Return a stored number to the digits that a spreadsheet keeps, None for what is none."""
    try:
        value = Decimal(f"{float(stored):.{LONGEST}g}")
    except ValueError:
        return None
    return value if value.is_finite() else None


def named(value: Decimal) -> str:
    """Return a number for a message: its digits, or with an exponent where they would be many."""
    text = f"{value:f}"
    return text if len(text) <= NAMED else f"{value:G}"


def number_problem(number: float) -> str:
    """Return why a number without a format cannot be read, "" for any other."""
    value = _stored_number(str(number))
    return NO_NUMBER.format(number) if value is None else _general(value).problem


def _general(value: Decimal) -> Shown:
    if _is_too_long(value):
        return Shown("", problem=_too_long(named(value)))
    text = f"{value:f}"
    if len(text) > NAMED:
        return Shown("", problem=f"存的数{named(value)}太小，像是计算的误差。请核对后重新输入。")
    return Shown(text)


def _is_too_long(value: Decimal) -> bool:
    return abs(value) >= Decimal(10) ** LONGEST


def _too_long(text: str) -> str:
    return (
        f"数字超过{LONGEST}位，表格软件已把末尾几位变成0（现为{text}）。"
        "请把单元格格式设为“文本”，再重新输入。"
    )


def _section_for(value: Decimal, parts: tuple[tuple[Token, ...], ...]) -> tuple[Token, ...] | None:
    """Return the section for the number, None where conditions choose it."""
    if any(token.text.startswith(("[<", "[>", "[=")) for part in parts for token in part):
        return None
    if value == 0 and len(parts) > 2:
        return parts[2]
    return parts[1] if value < 0 and len(parts) > 1 else parts[0]


# -- one section -------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Layout:
    """A section taken apart: before, digits, decimals, after; `whole` holds digits and literals."""

    before: str
    whole: tuple[Token, ...]
    decimals: str
    after: str
    percents: int
    thousands: int
    grouped: bool


@cache
def _layout(tokens: tuple[Token, ...]) -> _Layout | None:
    """Return the layout of a section, None for one that is not of this simple shape."""
    plain = tuple(token for token in tokens if not token.text.startswith("[") or token.is_literal)
    places = [i for i, token in enumerate(plain) if token.kind == DIGITS]
    signs = "".join(token.text for token in plain if not token.is_literal)
    if not places or re.search(r"[/@]|[eE][+-]", signs):
        return None
    first, last = places[0], places[-1]
    body, after = plain[first : last + 1], list(plain[last + 1 :])
    thousands = 0
    while after and not after[0].is_literal and after[0].text == ",":
        thousands += 1
        after.pop(0)
    point = next((i for i, t in enumerate(body) if not t.is_literal and t.text == "."), len(body))
    if after and point == len(body) and not after[0].is_literal and after[0].text == ".":
        after.pop(0)
    whole = body[:point]
    return _Layout(
        before="".join(token.text for token in plain[:first]),
        whole=tuple(t for t in whole if t.is_literal or t.text != ","),
        decimals="".join(t.text for t in body[point + 1 :] if t.kind == DIGITS),
        after="".join(token.text for token in after),
        percents=sum(not t.is_literal and t.text == "%" for t in plain),
        thousands=thousands,
        grouped=any(not t.is_literal and t.text == "," for t in whole),
    )


def _formatted(value: Decimal, stored: Decimal, tokens: tuple[Token, ...]) -> Shown:
    literal = "".join(token.text for token in tokens if token.is_literal)
    if not any(token.kind == DIGITS for token in tokens):
        return _without_digits(stored, literal, tokens)
    layout = _layout(tokens)
    if layout is None or _is_too_long(value):
        if _is_too_long(value):
            return Shown("", problem=_too_long(named(stored)))
        return Shown(
            f"{stored:f}", remark=f"数字格式较特殊，按实际存的{named(stored)}读取，请核对。"
        )
    with localcontext(prec=PRECISION):  # a format may have more places than usual numbers
        scaled = value * Decimal(100) ** layout.percents / Decimal(1000) ** layout.thousands
        exact = scaled.quantize(Decimal(1).scaleb(-len(layout.decimals)), ROUND_HALF_UP)
    digits = _digits(exact.copy_abs(), layout)
    sign = "-" if exact < 0 else ""
    text = f"{sign}{layout.before.strip()}{digits}{layout.after.strip()}".strip()
    remark = ""
    if exact != scaled or layout.thousands:
        remark = f"显示为{text}，实际存的是{named(stored)}，按显示的读取。"
    elif _has_chinese_digits(tokens):
        remark = _CHINESE_DIGITS.format(text)
    return Shown(text, _number_alone(text, exact, stored, layout), remark)


def _has_chinese_digits(tokens: tuple[Token, ...]) -> bool:
    return any(token.text.startswith("[DBNum") for token in tokens)


def _without_digits(stored: Decimal, literal: str, tokens: tuple[Token, ...]) -> Shown:
    """Return what a section without digits shows: its words, or nothing at all."""
    if any(not token.is_literal and is_general(token.text) for token in tokens):
        number = f"{stored:f}"
        parts = (t.text if t.is_literal else number for t in tokens if not t.text.startswith("["))
        text = "".join(parts).strip()
        remark = _CHINESE_DIGITS.format(text) if _has_chinese_digits(tokens) else ""
        return Shown(text, "" if text == number else number, remark)
    if literal.strip():
        return Shown(
            literal.strip(), remark=f"显示为{literal.strip()}，实际存的是{named(stored)}。"
        )
    if stored == 0:
        return Shown("")
    return Shown(
        "",
        problem=f"单元格格式把内容隐藏了（存有{named(stored)}）。请改为“常规”格式，或清除内容。",
    )


def _digits(number: Decimal, layout: _Layout) -> str:
    whole, _, fraction = f"{number:f}".partition(".")
    left = "" if whole == "0" else whole
    least = sum(token.text == "0" for token in layout.whole if token.kind == DIGITS)
    left = left.rjust(least, "0")
    while fraction and layout.decimals[len(fraction) - 1] != "0" and fraction.endswith("0"):
        fraction = fraction[:-1]
    if layout.grouped:
        left = f"{int(left or 0):,}".rjust(least, "0") if left else ""
        shown_whole = left
    else:
        shown_whole = _spread(left, layout.whole)
    return f"{shown_whole}.{fraction}" if fraction else shown_whole


def _spread(digits: str, pattern: tuple[Token, ...]) -> str:
    """Spread digits over a pattern such as 000-0000 from the right; the first place takes the rest.

    A literal left of the last digit stays away where its places are blank.
    """
    out, left = "", digits
    places = sum(token.kind == DIGITS for token in pattern)
    for token in reversed(pattern):
        if token.kind == DIGITS:
            places -= 1
            piece, left = (left, "") if places == 0 else (left[-1:], left[:-1])
            out = piece + out
        elif token.is_literal or left:
            out = token.text + out
    return out


def _number_alone(text: str, exact: Decimal, stored: Decimal, layout: _Layout) -> str:
    """Return the number without what stands around it, "" where the text is a number or a share."""
    if layout.percents or layout.thousands or any(t.is_literal for t in layout.whole):
        return ""
    alone = f"{'-' if stored < 0 else ''}{abs(exact):f}"
    around = layout.grouped or layout.before.strip() or layout.after.strip()
    return alone if around and alone != text else ""
