"""Pseudonyms of reviewers. Pure.

Applicants see comments under 评委一, 评委二 … in an order that depends on random keys alone, so
that it reveals neither names nor the time or order of assignment.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

_DIGITS = "零一二三四五六七八九"


def pseudonym(call_key: str, person_key: str) -> str:
    """Return ten hex digits that identify one reviewer of one call."""
    return _digest(f"reviewer:{call_key}:{person_key}")[:10]


def shuffled(sheet_keys: Iterable[str]) -> list[str]:
    """Order a proposal's sheets by the hashes of their keys."""
    return sorted(sheet_keys, key=lambda key: _digest(f"sheet:{key}"))


def reviewer_label(number: int) -> str:
    """Return 评委一 for 1, up to 评委九十九. Raises ValueError outside 1–99."""
    if not 1 <= number <= 99:
        raise ValueError("a proposal has 1 to 99 sheets")
    tens, ones = divmod(number, 10)
    text = ("" if tens == 1 else _DIGITS[tens]) + "十" if tens else ""
    return f"评委{text}{_DIGITS[ones] if ones or not tens else ''}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
