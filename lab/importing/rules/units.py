"""Units in headings: read on their own, converted or refused. Pure."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from lab.web.spreadsheets.cells import plain_number
from lab.web.typed.numbers import parse_decimal
from lab.web.typed.text import TextError
from lab.web.typed.units import DECIMALS, UNITS

_BRACKETS = re.compile(r"[(\[【〔](?:单位:?)?([^()\[\]【】〔〕]*)[)\]】〕]")


def heading_unit(heading: str) -> str:
    """Return the unit that a heading names in brackets (or behind 单位：), "" for none."""
    plain = "".join(unicodedata.normalize("NFKC", heading).split())
    units = [name.removeprefix("人民币") for name in _BRACKETS.findall(plain)]
    return next((unit for unit in units if unit in UNITS), "")


def converted(text: str, by: int) -> str:
    """Return a number multiplied; a text that is no number stays, for the check to name it."""
    if by == 1 or not text.strip():
        return text
    try:
        return plain_number(parse_decimal(text, decimals=DECIMALS) * Decimal(by))
    except TextError:
        return text
