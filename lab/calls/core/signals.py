"""What calls ask the features above them. Receivers only read."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from blinker import Signal

# Sent with call=<Call>, unit_id=<int or None>; a receiver returns ids of the people who are writing
# to the call, in the name of that unit if one is given.
asking_open_drafts = Signal()
# Sent with call_ids=<list of int>; a receiver returns {call id: (received, accepted)}.
asking_counts = Signal()


def applicants_with_open_drafts(call: Any, unit_id: int | None = None) -> set[int]:
    """Ids of the people who are writing to the call."""
    answers = asking_open_drafts.send(call=call, unit_id=unit_id)
    return {person_id for _, ids in answers for person_id in ids}


def counts(call_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """Call id -> how many proposals it received, and how many of them passed the formality check;
    nothing of calls without any."""
    found: dict[int, tuple[int, int]] = {}
    for _, answer in asking_counts.send(call_ids=list(call_ids)):
        found |= answer
    return found
