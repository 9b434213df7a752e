"""Column types."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, DateTime, Text
from sqlalchemy.types import TypeDecorator

from lab.canonical import JsonString, canonical_json


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC datetimes. Naive values are rejected rather than guessed."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime")
        value = value.astimezone(UTC)
        return value if dialect.name == "postgresql" else value.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Hundredths(TypeDecorator[Decimal]):
    """Decimals with at most two places, stored as integers: scores, yuan, indicator values."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | int | None, dialect: Any) -> int | None:
        if value is None:
            return None
        scaled = Decimal(value) * 100
        if scaled != scaled.to_integral_value():
            raise ValueError(f"{value} has more than two decimals")
        return int(scaled)

    def process_result_value(self, value: int | None, dialect: Any) -> Decimal | None:
        return None if value is None else Decimal(value) / 100


class JsonText(TypeDecorator[Any]):
    """Data in a column of text: values in Python, JSON in the database.

    How the text is written belongs to the column and does not change, so that equal values have
    equal bytes whenever they were stored: escaped to ASCII, which carries even what a column of
    text would refuse, unless `ensure_ascii` is false; keys as they come unless `sort_keys`. None
    is NULL, or "" in a column that is `blank` where there is nothing.

    A change inside a value is not noticed: annotate the column as a Mapping or a Sequence, and
    assign a new one.
    """

    impl = Text
    cache_ok = True

    def __init__(
        self, *, ensure_ascii: bool = True, sort_keys: bool = False, blank: bool = False
    ) -> None:
        super().__init__()
        self.ensure_ascii = ensure_ascii
        self.sort_keys = sort_keys
        self.blank = blank

    def dump(self, value: Any) -> str:
        """Return the text of a value, as it is stored."""
        return json.dumps(value, ensure_ascii=self.ensure_ascii, sort_keys=self.sort_keys)

    def process_bind_param(self, value: Any, dialect: Any) -> str | None:
        if value is None:
            return "" if self.blank else None
        if isinstance(value, str):
            raise TypeError("a JSON column takes what the text says, not the text")
        return self.dump(value)

    def process_result_value(self, value: str | None, dialect: Any) -> Any:
        return None if value is None or (self.blank and value == "") else json.loads(value)


class CanonicalJson(JsonText):
    """JSON in its canonical form (see `lab.canonical`), which refuses floats. Only for values that
    JSON gives back as they were: neither decimals nor dates.
    """

    cache_ok = True

    def dump(self, value: Any) -> str:
        return str(canonical_json(value))


class FrozenJson(TypeDecorator[JsonString]):
    """JSON whose very text matters: it is read and written as text, byte for byte.

    It is hashed, handed out or compared, or read back as more than JSON knows (dates, decimals).
    `JsonString.parsed` gives what it says.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Any) -> JsonString | None:
        return None if value is None else JsonString(value)
