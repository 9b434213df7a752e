"""Decode frozen dataclasses from JSON types, strictly by their annotations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints


def decode(kind: Any, value: Any) -> Any:
    """Decode JSON types as `kind`: a dataclass, tuple[X, ...], X | Y, Literal or a scalar.

    Raises ValueError for a missing or unknown field and for a value of the wrong type.
    """
    if is_dataclass(kind):
        return _dataclass(kind, value)
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        return _union(get_args(kind), value)
    if origin is tuple:
        return _tuple(get_args(kind)[0], value)
    if origin is Literal:
        return _literal(get_args(kind), value)
    return _scalar(kind, value)


def _dataclass(kind: Any, value: Any) -> Any:
    if not isinstance(value, dict):
        raise ValueError(f"{kind.__name__} must be an object")
    names = {field.name for field in fields(kind)}
    if names != value.keys():
        odd = ", ".join(sorted(names ^ value.keys()))
        raise ValueError(f"{kind.__name__} has missing or unknown fields: {odd}")
    hints = get_type_hints(kind)
    return kind(**{name: decode(hints[name], item) for name, item in value.items()})


def _union(kinds: tuple[Any, ...], value: Any) -> Any:
    if value is None and NoneType in kinds:
        return None
    choices = [kind for kind in kinds if kind is not NoneType]
    for kind in choices[:-1]:
        try:
            return decode(kind, value)
        except ValueError:
            continue
    return decode(choices[-1], value)  # the last one says what is wrong


def _tuple(kind: Any, value: Any) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise ValueError("expected a list")
    return tuple(decode(kind, item) for item in value)


def _literal(allowed: tuple[Any, ...], value: Any) -> Any:
    if value not in allowed:
        raise ValueError(f"{value!r} is not one of {allowed}")
    return value


def _decimal(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise ValueError(f"{text!r} is not a decimal") from error
    if not number.is_finite():
        raise ValueError(f"{text!r} is not finite")
    return number


_FROM_TEXT: dict[Any, Callable[[str], Any]] = {
    str: str,
    Decimal: _decimal,
    date: date.fromisoformat,
    datetime: datetime.fromisoformat,
}


def _scalar(kind: Any, value: Any) -> Any:
    if kind in (bool, int):
        if type(value) is not kind:
            raise ValueError(f"{value!r} is not {kind.__name__}")
        return value
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is not text")
    return _FROM_TEXT[kind](value)
