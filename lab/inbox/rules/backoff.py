"""When to retry a rejected mail, and a server that is down. Pure.

Office rule: the pause grows with the age of the mail (1, 5, 15, then every 60 minutes); after two
days the office is notified and decides.
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


def next_attempt(queued_at: datetime, now: datetime) -> datetime | None:
    """Return the time of the next attempt after one that failed at `now`; None to give up."""
    waited = now - queued_at
    if waited >= GIVE_UP:
        return None
    pause = next((pause for below, pause in PAUSES if waited < below), LONGEST)
    return min(now + pause, queued_at + GIVE_UP)


# After the first unanswered call, the second one in a row, …; the last holds for all further ones.
SERVER_PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 4, 8, 15))


class ServerPause:
    """How long an unresponsive server is left alone; one mail probes it afterwards."""

    def __init__(self) -> None:
        self._unanswered = 0
        self._since: datetime | None = None

    def is_over(self, now: datetime) -> bool:
        """Return whether the server may be tried.

        A pause that begins after `now` means the clock was set back.
        """
        if self._since is None:
            return True
        pause = SERVER_PAUSES[min(self._unanswered, len(SERVER_PAUSES)) - 1]
        return not self._since <= now < self._since + pause

    def record(self, answered: bool, now: datetime) -> None:
        """Record a call that ended at `now`: an answer ends all pauses, none lengthens the next."""
        self._unanswered = 0 if answered else self._unanswered + 1
        self._since = None if answered else now
