"""What may be edited in which state of a call."""

from __future__ import annotations

from lab import clock
from lab.calls.models.call import Call
from lab.calls.rules.timing import effective_state
from lab.rejected import Rejected

SUMMARY_LIMIT = 200


def require_state(call: Call, *states: str) -> None:
    """Raise Rejected unless the call's effective state is one of these."""
    state = effective_state(call, clock.now())
    if state not in states:
        raise Rejected(f"批次当前状态为“{call.machine.state(state).label}”，此项内容不能修改。")
