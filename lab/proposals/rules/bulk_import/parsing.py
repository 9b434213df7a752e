"""Parse the multi-row cells of a proposal workbook. Pure.

A multi-row cell holds one row per line, its parts separated by | (full-width ｜ as well); a |
inside a text is written \\|.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from lab.web.typed.text import normalise

_PART = re.compile(r"(?:\\[|｜\\]|[^|｜])*")
_ESCAPED = re.compile(r"\\([|｜\\])")
_TO_ESCAPE = re.compile(r"[|｜]|\\(?=[|｜\\]|$)")


def split_rows(text: str) -> list[list[str]]:
    """Return the rows of a cell as lists of parts; blank lines are skipped."""
    lines = [line for line in normalise(text).split("\n") if line.strip()]
    return [split_parts(line) for line in lines]


def split_parts(line: str) -> list[str]:
    """Return the parts of a line, trimmed."""
    parts, position = [], 0
    while position <= len(line):
        match = _PART.match(line, position)
        assert match is not None  # the pattern takes nothing as well
        parts.append(_ESCAPED.sub(r"\1", match[0]).strip())
        position = match.end() + 1
    return parts


def join_parts(parts: Iterable[str]) -> str:
    """Return the line that `split_parts` parses into these parts.

    Trailing empty ones are dropped.
    """
    escaped = [_TO_ESCAPE.sub(lambda match: f"\\{match[0]}", part) for part in parts]
    while len(escaped) > 1 and not escaped[-1]:
        escaped.pop()
    return "|".join(escaped)
