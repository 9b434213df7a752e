"""Beijing days in SQL, as the same text on both databases."""

from __future__ import annotations

from typing import Any

from sqlalchemy import String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class beijing_day(FunctionElement[str]):
    """The Beijing day of a stored time as text: 2022-07-01."""

    type = String()
    inherit_cache = True


@compiles(beijing_day, "sqlite")
def _sqlite(element: Any, compiler: Any, **kwargs: Any) -> str:
    return f"date({compiler.process(element.clauses, **kwargs)}, '+8 hours')"


@compiles(beijing_day, "postgresql")
def _postgresql(element: Any, compiler: Any, **kwargs: Any) -> str:
    moment = compiler.process(element.clauses, **kwargs)
    return f"to_char(({moment}) AT TIME ZONE INTERVAL '+08:00', 'YYYY-MM-DD')"
