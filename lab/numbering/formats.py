"""Format and parse office numbers of proposals, projects, slips, requests, bulletins and meetings.

Pure.

Patterns: SB-2022-01-007 (proposal: year, batch, order of first submission), LX-2022-01-03 (project:
year, batch, order of approval), DB-2022-015 (supervision slip), XT-2022-008 (coordination request).
Widths are minimal: the thousandth proposal is SB-2022-01-1000. Numbers are never reused; services
allocate them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

PROPOSAL, PROJECT, SLIP, REQUEST = "SB", "LX", "DB", "XT"
# prefix -> minimal digits of the parts after the year
WIDTHS: dict[str, tuple[int, ...]] = {
    PROPOSAL: (2, 3),
    PROJECT: (2, 2),
    SLIP: (3,),
    REQUEST: (3,),
}
_SHAPE = re.compile(r"([A-Z]{2})-([0-9]{4})((?:-[0-9]{2,9})+)")


@dataclass(frozen=True)
class Number:
    """A parsed number: prefix, four-digit year, batch (None where there is none), order."""

    prefix: str
    year: int
    batch: int | None
    order: int

    def __str__(self) -> str:
        parts = (self.order,) if self.batch is None else (self.batch, self.order)
        return _format(self.prefix, self.year, *parts)


def proposal_number(year: int, batch: int, order: int) -> str:
    """Format a proposal number: SB-2022-01-007.

    Raises ValueError outside year 1000–9999 or for a part below 1.
    """
    return _format(PROPOSAL, year, batch, order)


def project_number(year: int, batch: int, order: int) -> str:
    """Format a project number: LX-2022-01-03.

    Raises ValueError outside year 1000–9999 or for a part below 1.
    """
    return _format(PROJECT, year, batch, order)


def slip_number(year: int, order: int) -> str:
    """Format a supervision slip's number: DB-2022-015. Raises ValueError like `proposal_number`."""
    return _format(SLIP, year, order)


def request_number(year: int, order: int) -> str:
    """Format a coordination request's number: XT-2022-008.

    Raises ValueError like `proposal_number`.
    """
    return _format(REQUEST, year, order)


def bulletin_number(year: int, order: int, total: int) -> str:
    """Format as 2022年第3期（总第3期）.

    Raises ValueError when the running total is below the order.
    """
    _check(year, order, total)
    if total < order:
        raise ValueError("the running total cannot be below the number of the year")
    return f"{year}年第{order}期（总第{total}期）"


def meeting_title(year: int, order: int) -> str:
    """Format as 2022年第5次例会. Raises ValueError like `proposal_number`."""
    _check(year, order)
    return f"{year}年第{order}次例会"


def parse(text: str) -> Number:
    """Parse a number. Raises ValueError unless `text` is exactly in the portal's own format."""
    match = _SHAPE.fullmatch(text)
    if match is None or match[1] not in WIDTHS:
        raise ValueError(f"not a number of the office: {text}")
    parts = [int(part) for part in match[3].strip("-").split("-")]
    if len(parts) != len(WIDTHS[match[1]]):
        raise ValueError(f"not a number of the office: {text}")
    number = Number(match[1], int(match[2]), parts[0] if len(parts) == 2 else None, parts[-1])
    if str(number) != text:
        raise ValueError(f"not a number of the office: {text}")
    return number


def sort_key(text: str) -> tuple[tuple[int, int, str], ...]:
    """Return a key that sorts numbers numerically, so that …-1000 follows …-999."""
    runs = re.findall(r"[0-9]+|[^0-9]+", text)
    return tuple(
        (0, int(run), "") if run.isascii() and run.isdigit() else (1, 0, run) for run in runs
    )


def _format(prefix: str, year: int, *parts: int) -> str:
    _check(year, *parts)
    widths = WIDTHS[prefix]
    return "-".join(
        [prefix, str(year), *(f"{p:0{w}d}" for p, w in zip(parts, widths, strict=True))]
    )


def _check(year: int, *parts: int) -> None:
    if not 1000 <= year <= 9999:
        raise ValueError("the year has four digits")
    if any(part < 1 for part in parts):
        raise ValueError("numbers begin at 1")
