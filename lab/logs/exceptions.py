"""Exceptions for the log: type, codes, SQL without values, and code locations.

Messages are left out, since most quote the data: PostgreSQL the existing value, `int()` the invalid
text, a mail server the refused address.
"""

from __future__ import annotations

import errno
import re
import traceback
from collections.abc import Iterator
from types import TracebackType
from typing import Any

from lab.logs.locations import short_name

FRAMES = 40  # innermost frames that are kept of one exception
STATEMENT = 600  # characters of SQL
CONSTRAINT = re.compile(r"(?:UNIQUE|NOT NULL|CHECK|FOREIGN KEY) constraint failed(?:: [\w., ]+)?")
# Attributes of exceptions that hold codes or names of the program, never values.
CODES = ("sqlstate", "sqlite_errorname", "smtp_code", "code", "returncode")
DIAGNOSIS = ("constraint_name", "table_name", "column_name")


def describe(error: BaseException, trace: TracebackType | None = None) -> str:
    """Return the exception and its causes, the first cause first, as the log shows them."""
    parts = [_one(link, trace if link is error else link.__traceback__) for link in _chain(error)]
    return "\n".join(reversed(parts))


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Iterate over the exception and its causes, each once."""
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        yield link
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)


def _one(error: BaseException, trace: TracebackType | None) -> str:
    frames = traceback.StackSummary.extract(
        traceback.walk_tb(trace), limit=-FRAMES, lookup_lines=False
    )
    lines = [f"  {short_name(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]
    return "\n".join([*lines, headline(error)])


def brief(error: BaseException) -> str:
    """Return one line for a caught exception: the headline and where it was raised."""
    frames = traceback.extract_tb(error.__traceback__, limit=-1)
    location = f" {short_name(frames[0].filename)}:{frames[0].lineno}" if frames else ""
    return headline(error) + location


def headline(error: BaseException) -> str:
    """Return one line: the type and its loggable facts."""
    kind = type(error)
    name = (
        kind.__qualname__
        if kind.__module__ == "builtins"
        else f"{kind.__module__}.{kind.__qualname__}"
    )
    return " ".join([name, *(f"[{fact}]" for fact in _facts(error))])


def _facts(error: BaseException) -> Iterator[str]:
    if isinstance(error, OSError) and error.errno is not None:
        yield errno.errorcode.get(error.errno, str(error.errno))
    for attribute in CODES:
        value = getattr(error, attribute, None)
        if isinstance(value, int) or (isinstance(value, str) and re.fullmatch(r"\w{1,40}", value)):
            yield str(value)
    name = getattr(error, "name", None)  # of a missing attribute, variable or module
    if isinstance(error, AttributeError | NameError | ImportError) and _is_name(name):
        yield str(name)
    yield from _of_database(error)


def _is_name(name: Any) -> bool:
    return isinstance(name, str) and name.isascii() and name.replace(".", "").isidentifier()


def _of_database(error: Any) -> Iterator[str]:
    diagnosis = getattr(error, "diag", None)
    for attribute in DIAGNOSIS:
        if _is_name(value := getattr(diagnosis, attribute, None)):
            yield str(value)
    if match := CONSTRAINT.fullmatch(str(error.args[0]) if len(error.args) == 1 else ""):
        yield match[0]
    statement = getattr(error, "statement", None)
    if isinstance(statement, str):  # the values stand apart from it, as parameters
        yield "SQL: " + " ".join(statement.split())[:STATEMENT]
