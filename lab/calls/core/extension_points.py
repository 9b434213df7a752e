"""What calls ask the features above them, which only read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from lab.calls.models.call import Call
from lab.feature import ExtensionPoint

# Ids of the people who are writing to the call, in the name of the unit with this id if one is
# given.
OPEN_DRAFTS: ExtensionPoint[Callable[[Call, int | None], set[int]]] = ExtensionPoint(
    "people who write to a call"
)
# Ids of calls -> {id: (received, accepted)}.
SUBMISSION_COUNTS: ExtensionPoint[Callable[[Collection[int]], Mapping[int, tuple[int, int]]]] = (
    ExtensionPoint("how many proposals came")
)


def applicants_with_open_drafts(call: Call, unit_id: int | None = None) -> set[int]:
    """Return the ids of the people who are writing proposals for the call."""
    return {person for ask in OPEN_DRAFTS.extensions() for person in ask(call, unit_id)}


def submission_counts(call_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """Return call id -> (proposals received, proposals that passed the formality check).

    Calls without any are absent.
    """
    by_call: dict[int, tuple[int, int]] = {}
    for count in SUBMISSION_COUNTS.extensions():
        by_call |= count(call_ids)
    return by_call
