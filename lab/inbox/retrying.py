"""When a mail that the server did not take is tried again. Pure.

Office rule: the pause grows with the time the mail has waited (1, 5, 15, then every 60 minutes);
after two days the office is told and decides.
"""

from __future__ import annotations

from datetime import datetime, timedelta

# (waited less than, pause): both from the moment at which the mail was put into the queue.
PAUSES = (
    (timedelta(minutes=1), timedelta(minutes=1)),
    (timedelta(minutes=6), timedelta(minutes=5)),
    (timedelta(minutes=21), timedelta(minutes=15)),
)
LONGEST = timedelta(minutes=60)
GIVE_UP = timedelta(days=2)


def next_try(queued_at: datetime, now: datetime) -> datetime | None:
    """The moment of the next try after one that failed at `now`; None when it is given up."""
    waited = now - queued_at
    if waited >= GIVE_UP:
        return None
    pause = next((pause for below, pause in PAUSES if waited < below), LONGEST)
    return min(now + pause, queued_at + GIVE_UP)
