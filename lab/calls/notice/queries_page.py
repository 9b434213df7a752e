"""Reads for the page that puts calls side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lab.calls.notice.queries_compare import (
    MAX_CALLS,
    MIN_CALLS,
    CallColumn,
    comparison,
    criteria_names,
)


@dataclass(frozen=True)
class ComparisonPage:
    """Calls side by side, and the names of all their criteria.

    `figures`: the reader may know how many proposals came in. From `fewest` to `most` calls can
    be compared.
    """

    columns: Sequence[CallColumn]
    criteria: Sequence[str]
    figures: bool
    fewest: int
    most: int


def comparison_page(keys: Sequence[str], *, drafts: bool, figures: bool) -> ComparisonPage:
    """Return the calls with these keys; drafts for the office only."""
    columns = comparison(keys, drafts=drafts, figures=figures)
    return ComparisonPage(
        columns=columns,
        criteria=criteria_names(columns),
        figures=figures,
        fewest=MIN_CALLS,
        most=MAX_CALLS,
    )
