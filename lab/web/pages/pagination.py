"""Keyset pagination: the next page starts after the last row seen, however long the list is."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask import Flask, request, url_for
from sqlalchemy import Result, Select, and_, func, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import UnaryExpression
from sqlalchemy.sql.operators import desc_op

AFTER, BEFORE = "after", "before"
_READERS: dict[str, Callable[[str], Any]] = {
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "Decimal": Decimal,
}


@dataclass(frozen=True)
class Page:
    """One page of a list; a cursor is None when there is nothing in that direction.

    `total` is the number of all rows, None when not counted.
    """

    items: Sequence[Any]
    next_cursor: str | None = None
    prev_cursor: str | None = None
    total: int | None = None

    def map(self, read: Callable[[Any], Any]) -> Page:
        """Return the same page with every item converted."""
        return replace(self, items=[read(item) for item in self.items])


def _pack(value: Any) -> Any:
    if value is None or isinstance(value, int | str):
        return value
    if isinstance(value, date | datetime | Decimal):
        return [type(value).__name__, str(value)]
    raise TypeError(f"cannot page by {type(value).__name__}")


def _unpack(value: Any) -> Any:
    return _READERS[value[0]](value[1]) if isinstance(value, list) else value


def encode(values: Sequence[Any]) -> str:
    """Return the cursor of a row with these key values."""
    text = json.dumps([_pack(value) for value in values], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode(cursor: str, length: int) -> list[Any] | None:
    """Return the key values of a cursor, None when it is damaged or from another list."""
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        read = [_unpack(value) for value in values]
    except (ValueError, KeyError, IndexError, TypeError, ArithmeticError, binascii.Error):
        return None
    sound = isinstance(values, list) and len(read) == length
    return read if sound and not any(isinstance(v, float | dict | bool) for v in read) else None


def _is_descending(key: Any) -> bool:
    return isinstance(key, UnaryExpression) and key.modifier is desc_op


def _column(key: Any) -> Any:
    return key.element if isinstance(key, UnaryExpression) else key


def rows_beyond(keys: Sequence[Any], values: Sequence[Any], *, backwards: bool = False) -> Any:
    """Return the SQL condition for rows after `values` in the order of `keys`.

    Before them when backwards.
    """
    steps = []
    for index, key in enumerate(keys):
        column, equal = _column(key), zip(keys[:index], values[:index], strict=True)
        falls = _is_descending(key) is not backwards
        step = column < values[index] if falls else column > values[index]
        steps.append(and_(*(_column(k) == v for k, v in equal), step))
    # Said once more of the first key alone, so that an index is entered at the place.
    first, falls = _column(keys[0]), _is_descending(keys[0]) is not backwards
    entered = first <= values[0] if falls else first >= values[0]
    return and_(entered, or_(*steps))


def _ordered(keys: Sequence[Any], *, backwards: bool) -> list[Any]:
    falls = [_is_descending(key) is not backwards for key in keys]
    pairs = zip(keys, falls, strict=True)
    return [_column(key).desc() if fall else _column(key).asc() for key, fall in pairs]


def _split(result: Result[Any], count: int) -> tuple[list[Any], list[Any]]:
    """Return the selected items and, separately, the values of the last `count` columns."""
    width = len(result.keys()) - count
    frozen = result.freeze()
    keys = [row[width:] for row in frozen()]
    return list(frozen().scalars() if width == 1 else frozen().columns(*range(width))), keys


def _count(statement: Select[Any], session: Session) -> int:
    inner = statement.order_by(None).subquery()
    return int(session.execute(select(func.count()).select_from(inner)).scalar_one())


def paginate(
    statement: Select[Any],
    order_keys: Sequence[Any],
    args: Mapping[str, str],
    *,
    session: Session,
    size: int = 50,
    count: bool = False,
) -> Page:
    """Return the page of `statement` that `args` (`after` or `before`) point to.

    `order_keys`: columns, descending ones by desc(), never NULL, the last one unique; they replace
    the statement's order. An item is the single selected entity, or a row of several. A damaged
    cursor gives the first page. `size` is 1 to 200 rows.
    """
    backwards = BEFORE in args
    start = decode(args.get(BEFORE) or args.get(AFTER) or "", len(order_keys))
    backwards = backwards and start is not None
    columns = [_column(key).label(f"key_{index}") for index, key in enumerate(order_keys)]
    query = statement.add_columns(*columns).order_by(None)
    query = query.order_by(*_ordered(order_keys, backwards=backwards)).limit(size + 1)
    if start is not None:
        query = query.where(rows_beyond(order_keys, start, backwards=backwards))
    items, keys = _split(session.execute(query), len(columns))
    more, items, keys = len(items) > size, items[:size], keys[:size]
    if backwards:
        items, keys = items[::-1], keys[::-1]
    return Page(
        items=items,
        next_cursor=encode(keys[-1]) if keys and (more or backwards) else None,
        prev_cursor=encode(keys[0]) if keys and (more if backwards else start) else None,
        total=_count(statement, session) if count else None,
    )


def paginate_list(items: Sequence[Any], args: Mapping[str, str], *, size: int = 50) -> Page:
    """Return one page of a list in memory; cursors hold offsets."""
    offset = decode(args.get(AFTER) or args.get(BEFORE) or "", 1) or [0]
    start = offset[0] if isinstance(offset[0], int) and 0 <= offset[0] < len(items) else 0
    return Page(
        items=items[start : start + size],
        next_cursor=encode([start + size]) if start + size < len(items) else None,
        prev_cursor=encode([max(0, start - size)]) if start else None,
        total=len(items),
    )


def page_url(**cursor: str) -> str:
    """Return the address of this page with another cursor; other query parameters stay."""
    query_args = {
        k: v for k, v in request.args.to_dict(flat=False).items() if k not in (AFTER, BEFORE)
    }
    url_args = {**(request.view_args or {}), **query_args, **cursor}
    return url_for(request.endpoint or "", **url_args)


def init(app: Flask) -> None:
    """Register `page_url` for the templates."""
    app.jinja_env.globals["page_url"] = page_url
