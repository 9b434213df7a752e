"""Read numbers as people type them. Pure: text in, number or Chinese message out."""

from __future__ import annotations

import re
from decimal import Decimal

from lab.web.typed.text import TextError, trim

_FULL_WIDTH = str.maketrans("０１２３４５６７８９．，－＋", "0123456789.,-+")
_INTEGER = re.compile(r"[+-]?\d{1,18}")
_DECIMAL = re.compile(r"[+-]?(\d{1,18}(\.\d*)?|\.\d+)")
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?")


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
