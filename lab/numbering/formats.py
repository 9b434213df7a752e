"""Format the office numbers of proposals and projects. Pure.

Patterns: SB-2022-01-007 (proposal: year, batch, order of first submission), LX-2022-01-03 (project:
year, batch, order of approval). Widths are minimal: the thousandth proposal is SB-2022-01-1000.
Numbers are never reused; services allocate them.
"""

from __future__ import annotations

import re

PROPOSAL, PROJECT = "SB", "LX"
# prefix -> minimal digits of the parts after the year
WIDTHS: dict[str, tuple[int, ...]] = {
    PROPOSAL: (2, 3),
    PROJECT: (2, 2),
}


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
