"""What the clock means for a call. Pure.

Office rule: submissions are taken from the opening time on and strictly before the closing time,
to the second, whether or not the minute's sweep has already written the new state.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from lab.calls.rules.lifecycle import BEFORE_CLOSING, BEFORE_REVIEW, CallStatus


class Timed(Protocol):
    """What the clock asks of a call; times are aware, None while not set."""

    @property
    def status(self) -> str: ...
    @property
    def opens_at(self) -> datetime | None: ...
    @property
    def closes_at(self) -> datetime | None: ...


def due_action(call: Timed, now: datetime) -> str | None:
    """The act that the clock owes the call at `now`: "open", "close" or None."""
    if call.status == CallStatus.PUBLISHED and call.opens_at is not None and call.opens_at <= now:
        return "open"
    if call.status == CallStatus.OPEN and call.closes_at is not None and call.closes_at <= now:
        return "close"
    return None


def effective_state(call: Timed, now: datetime) -> str:
    """The state as the clock has it: a published call past its opening time is open, an open
    one past its closing time is closed."""
    if call.status not in BEFORE_CLOSING:
        return call.status
    if call.closes_at is not None and call.closes_at <= now:
        return CallStatus.CLOSED
    return CallStatus.OPEN if due_action(call, now) == "open" else call.status


def accepts_submissions(call: Timed, now: datetime) -> bool:
    """Whether a proposal may be submitted at `now` by any unit: opens_at ≤ now < closes_at."""
    if call.status not in BEFORE_CLOSING:
        return False
    return is_within_deadline(call, call.closes_at, now)


def effective_deadline(call: Timed, *extensions: datetime | None) -> datetime | None:
    """Until when the call takes a proposal that has more time than all: the latest of its closing
    time and of `more` (None where there is none). None once review has opened, or before."""
    if call.status not in BEFORE_REVIEW or call.closes_at is None:
        return None
    return max([call.closes_at, *(deadline for deadline in extensions if deadline is not None)])


def is_within_deadline(call: Timed, deadline: datetime | None, now: datetime) -> bool:
    """Whether a proposal with time until `until` may be submitted: opens_at ≤ now < until."""
    if call.status not in BEFORE_REVIEW or call.opens_at is None or deadline is None:
        return False
    return call.opens_at <= now < deadline
