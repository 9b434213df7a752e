"""What counts as a plain mail address, and when one may open an account. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

LONGEST_LOCAL = 64
_LOCAL = r"[A-Za-z0-9_%+-]+(?:\.[A-Za-z0-9_%+-]+)*"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"({_LOCAL})@{_LABEL}(?:\.{_LABEL})+")
# Office rule: time for the owner to notice a change that was not the owner's own.
PROBATION = timedelta(days=7)


def passes_as_email(text: str) -> bool:
    """Return whether the text is a plain ASCII mail address without name, comment or blank."""
    match = _ADDRESS.fullmatch(text)
    return match is not None and len(match.group(1)) <= LONGEST_LOCAL


@dataclass(frozen=True)
class Provenance:
    """The origin of an account's address.

    When it was set, whether by the owner, and when the owner confirmed it by a link. None: unknown,
    or not yet.
    """

    by_owner: bool = False
    set_at: datetime | None = None
    confirmed_at: datetime | None = None

    @property
    def opens_from(self) -> datetime | None:
        """When a link to the address may first open the account; None: not before it is confirmed.

        Seven days after the owner typed or confirmed it, whichever was first.
        """
        own = [self.set_at if self.by_owner else None, self.confirmed_at]
        moments = [moment for moment in own if moment is not None]
        return min(moments) + PROBATION if moments else None

    def opens(self, now: datetime) -> bool:
        """Return whether a link to the address may open the account now."""
        since = self.opens_from
        return since is not None and since <= now
