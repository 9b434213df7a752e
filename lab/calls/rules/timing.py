"""Effects of time on a call. Pure.

Office rule: submissions are accepted from the opening time on and strictly before the deadline, to
the second, whether or not the minute's run has written the new state.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from lab.calls.rules.lifecycle import BEFORE_CLOSING, BEFORE_REVIEW, CallStatus


class Timed(Protocol):
    """What the timing rules read of a call; times are aware, None while not set."""

    @property
    def status(self) -> str: ...
    @property
    def opens_at(self) -> datetime | None: ...
    @property
    def closes_at(self) -> datetime | None: ...


def due_action(call: Timed, now: datetime) -> str | None:
    """Return the scheduled action that is due at `now`: "open", "close" or None."""
    if call.status == CallStatus.PUBLISHED and call.opens_at is not None and call.opens_at <= now:
        return "open"
    if call.status == CallStatus.OPEN and call.closes_at is not None and call.closes_at <= now:
        return "close"
    return None


def effective_state(call: Timed, now: datetime) -> str:
    """Return the effective state of a call.

    A published call past its opening time is open, an open one past its deadline is closed.
    """
    if call.status not in BEFORE_CLOSING:
        return call.status
    if call.closes_at is not None and call.closes_at <= now:
        return CallStatus.CLOSED
    return CallStatus.OPEN if due_action(call, now) == "open" else call.status


def accepts_submissions(call: Timed, now: datetime) -> bool:
    """Return whether any unit may submit at `now`: opens_at ≤ now < closes_at."""
    if call.status not in BEFORE_CLOSING:
        return False
    return is_within_deadline(call, call.closes_at, now)


def effective_deadline(call: Timed, *extensions: datetime | None) -> datetime | None:
    """Return the latest of the call's deadline and the given extensions (None where there is none).

    None before publication and once review has opened.
    """
    if call.status not in BEFORE_REVIEW or call.closes_at is None:
        return None
    return max([call.closes_at, *(deadline for deadline in extensions if deadline is not None)])


def is_within_deadline(call: Timed, deadline: datetime | None, now: datetime) -> bool:
    """Return whether a proposal with this deadline may be submitted: opens_at ≤ now < deadline."""
    if call.status not in BEFORE_REVIEW or call.opens_at is None or deadline is None:
        return False
    return call.opens_at <= now < deadline
