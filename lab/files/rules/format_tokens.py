"""Take number formats of spreadsheets apart. Pure."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

LITERAL, DIGITS, SIGN, DATE = "literal", "digits", "sign", "date"
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?'
    r"|[\\!](?P<escaped>.)"
    r"|_(?P<blank>.)|\*(?P<fill>.)"
    r"|(?P<bracket>\[[^\]]*\])"
    r"|(?P<general>General|G/通用格式)"
    r"|(?P<date>AM/PM|A/P|上午/下午|(?:[yYmMdDhHsSbBgGaA]|[eE](?![+-]))+)"
    r"|(?P<exponent>[eE][+-])"
    r"|(?P<digit>[0#?])"
    r"|(?P<other>.)",
    re.DOTALL,
)
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_CURRENCY = re.compile(r"\[\$([^\]-]*)(?:-[^\]]*)?\]")
_SIGNS = ",.%/@;"


class Token(NamedTuple):
    """A piece of a format: what it is and its text."""

    kind: str
    text: str

    @property
    def is_literal(self) -> bool:
        """Whether the text is shown as it stands."""
        return self.kind == LITERAL


def is_general(code: str) -> bool:
    """Return whether the code shows numbers as they are, and so does the one for texts."""
    return code.strip() in ("", "General", "GENERAL", "general", "G/通用格式", "@")


@cache
def sections(code: str) -> tuple[tuple[Token, ...], ...]:
    """Return the sections of a format: for all numbers, or positive, negative, zero, text."""
    parts: list[list[Token]] = [[]]
    for match in _TOKEN.finditer(code):
        token = _token(match)
        if token is not None and token == Token(SIGN, ";"):
            parts.append([])
        elif token is not None:
            parts[-1].append(token)
    return tuple(tuple(part) for part in parts)[:3]


def _token(match: re.Match[str]) -> Token | None:
    kind, text = match.lastgroup, match[0]
    if kind in ("quoted", "escaped"):
        return Token(LITERAL, match[kind])
    if kind in ("blank", "fill"):
        return None  # room as wide as a character, or filled up with one: nothing to read
    if kind == "bracket":
        return _bracket(text)
    if kind == "date":
        return Token(DATE, text)
    if kind == "digit":
        return Token(DIGITS, text)
    if kind == "other" and text not in _SIGNS:
        return Token(LITERAL, text)
    return Token(SIGN, text)


def _bracket(text: str) -> Token | None:
    """Return elapsed time, a currency sign, a condition, Chinese digits.

    Colours and languages show nothing.
    """
    if _ELAPSED.fullmatch(text):
        return Token(DATE, text)
    if found := _CURRENCY.fullmatch(text):
        return Token(LITERAL, found[1]) if found[1] else None
    return Token(SIGN, text) if text.startswith(("[<", "[>", "[=", "[DBNum")) else None
