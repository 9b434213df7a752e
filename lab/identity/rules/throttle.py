"""How wrong passwords delay the next attempt. Pure: every moment is passed in.

Office rule: five wrong passwords for one name from one address pause that pair; the pause doubles
with each further one from 1 to 15 minutes. A name has 30 failures within 24 hours over all
addresses; after that it can be tried only from addresses it signed in from before. An address over
all names is delayed by at most 5 seconds, never locked.
"""

from __future__ import annotations

import ipaddress
import math
from dataclasses import dataclass
from datetime import datetime, timedelta

PAIR_FREE, NAME_A_DAY, ADDRESS_FREE = 5, 30, 20
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(minutes=15)
LONGEST_DELAY = 5  # seconds
THROTTLE_NOTE = "连续输错五次，须等一至十五分钟。"  # what people are told of the pause
IPV6_NETWORK = 64  # bits
NAT64, SPECIAL = ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("::/64")
DAY = timedelta(hours=24)  # how long a failure counts for its name, and for its pair
ADDRESS_MEMORY = timedelta(minutes=15)
# A try that was never settled was cut off by a fault of the portal: it stops counting.
LONGEST_TRY = timedelta(seconds=60)
# Failures beyond these change nothing; forgetting them lets every right password count.
MAX_PAIR_ROWS = PAIR_FREE + math.ceil(math.log2(LONGEST_PAUSE / FIRST_PAUSE))
MAX_ADDRESS_ROWS = ADDRESS_FREE + LONGEST_DELAY - 1


def source(address: str) -> str:
    """Return the address that an attempt counts for.

    An IPv4 address itself, the /64 network of an IPv6 one, since one machine owns all addresses in
    it. Every comparison of people's addresses uses this.
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:40]
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    # An IPv4 address in the notation of the other kind: all of them would share one network.
    if parsed.ipv4_mapped or parsed in NAT64:
        return str(ipaddress.IPv4Address(parsed.packed[-4:]))
    if parsed in SPECIAL:  # ::1 and other addresses of single machines
        return str(parsed)
    return str(ipaddress.ip_network((parsed, IPV6_NETWORK), strict=False))


@dataclass(frozen=True)
class Attempts:
    """The counting attempts of a name, an address or a pair: failed and running ones.

    A moment after `now` (the clock was set back) counts as `now`.
    """

    failed: tuple[datetime, ...] = ()
    running: tuple[datetime, ...] = ()

    @property
    def count(self) -> int:
        return len(self.failed) + len(self.running)

    def ahead_of(self, now: datetime) -> bool:
        """Return whether a moment lies after `now`, so that it has to be stored anew."""
        return any(at > now for at in (*self.failed, *self.running))

    def last(self, now: datetime) -> datetime:
        """Return the latest moment, at most `now`. Raises ValueError when there was no try."""
        return min(now, max((*self.failed, *self.running)))


def counted_attempts(
    moments: list[tuple[datetime, bool]], now: datetime, memory: timedelta
) -> Attempts:
    """Return which (moment, running) still count: failures within `memory`, running tries."""
    return Attempts(
        failed=tuple(at for at, running in moments if not running and now - at < memory),
        running=tuple(at for at, running in moments if running and now - at < LONGEST_TRY),
    )


def pause(failures: int) -> timedelta:
    """Return the pause after so many failures of one name from one address (zero below five)."""
    if failures < PAIR_FREE:
        return timedelta()
    doubled: int = 1 << min(failures - PAIR_FREE, 10)
    return min(FIRST_PAUSE * doubled, LONGEST_PAUSE)


def pair_may_try(pair: Attempts, now: datetime) -> bool:
    """Return whether the name may be tried from the address: not paused, at most five at once."""
    if pair.count < PAIR_FREE:
        return True
    return not pair.running and now - pair.last(now) >= pause(len(pair.failed))


def name_may_try(name: Attempts, *, known_address: bool) -> bool:
    """Return whether the name may be tried.

    Fewer than 30 failures a day, or from an address it signed in from.
    """
    return known_address or name.count < NAME_A_DAY


def delay(failures: int) -> int:
    """Return the seconds between two tries of an address after so many failures, 0 to 5."""
    return max(0, min(failures - ADDRESS_FREE + 1, LONGEST_DELAY))


def seconds_to_wait(address: Attempts, now: datetime) -> int:
    """Return the whole seconds until the address may try again, 0 to 5.

    Running attempts do not raise the delay, or an office signing in at nine would wait for itself;
    with at least one, they count as the latest attempt.
    """
    delay_seconds = delay(len(address.failed))
    if not delay_seconds:
        return 0
    passed = (now - address.last(now)).total_seconds()
    return max(0, math.ceil(delay_seconds - passed))
