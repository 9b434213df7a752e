"""Serialise to canonical JSON, so that equal content gives an equal hash.

Canonical form: UTF-8 JSON, keys sorted by code point, no whitespace, strings in Unicode NFC,
decimals as plain strings without trailing zeros, dates as 2022-07-01, datetimes as UTC ISO text
ending in Z, frozen dataclasses as objects of their fields. Floats are rejected: their text is not
reproducible.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

SHORT_LENGTH = 8


class JsonString(str):
    """JSON as it is stored and hashed, byte for byte."""

    __slots__ = ()

    def parsed(self) -> Any:
        """Return what it says. Raises ValueError when it is no JSON."""
        return json.loads(self)


def canonical_json(obj: object) -> JsonString:
    """Return the canonical JSON of nested mappings, lists, tuples, dataclasses and plain values.

    Raises TypeError for floats and any other type without a canonical form; ValueError for a
    decimal that is not finite, a naive datetime, keys that are not text or collide under NFC, and
    text that cannot be encoded in UTF-8.
    """
    text = json.dumps(_plain(obj), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    text.encode("utf-8")  # a lone surrogate is a ValueError here, not later in the hash
    return JsonString(text)


def fingerprint(obj: object) -> str:
    """Return the SHA-256 of the canonical JSON: 64 lower-case hex digits.

    Raises like `canonical_json`.
    """
    return hashlib.sha256(canonical_json(obj).encode("utf-8")).hexdigest()


def short(digest: str) -> str:
    """Return the first 8 digits, as printed in footers. Raises ValueError for a shorter text."""
    if len(digest) < SHORT_LENGTH:
        raise ValueError("not a fingerprint")
    return digest[:SHORT_LENGTH]


def day_of(text: str | None) -> date | None:
    """Return the day that canonical JSON holds as 2022-07-01, None for none.

    Raises ValueError for any other text.
    """
    return None if text is None else date.fromisoformat(text)


def _plain(value: object) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, Decimal):
        return _decimal(value)
    if isinstance(value, date):
        return _moment(value) if isinstance(value, datetime) else value.isoformat()
    return _container(value)


def _container(value: object) -> Any:
    if isinstance(value, Mapping):
        return _mapping(value)
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    raise TypeError(f"{type(value).__name__} has no canonical form")


def _mapping(value: Mapping[Any, Any]) -> dict[str, Any]:
    converted: dict[str, Any] = {}
    for key, item in value.items():
        if not isinstance(key, str):
            raise ValueError("keys must be text")
        name = unicodedata.normalize("NFC", key)
        if name in converted:
            raise ValueError(f"two keys read {name}")
        converted[name] = _plain(item)
    return converted


def _decimal(value: Decimal) -> str:
    if not value.is_finite():
        raise ValueError("a decimal must be finite")
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _moment(value: datetime) -> str:
    if value.tzinfo is None or value.utcoffset() is None:
        raise ValueError("a time without a zone has no canonical form")
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
