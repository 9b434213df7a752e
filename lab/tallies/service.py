"""Count again what is kept as numbers by state, and say when one of them was wrong."""

from __future__ import annotations

import logging
from datetime import date

from flask import current_app

from lab import clock
from lab.audit import service as audit
from lab.db import writing
from lab.db.tally_keeping import mend

log = logging.getLogger("lab.tallies")
LAST_DAY = "tallies_recounted"  # of `app.extensions`


def recount() -> int:
    """Correct the kept numbers in a transaction of its own; return how many were wrong.

    Each difference is in the log, and their number in a line of the audit log.
    """
    with writing() as session:
        wrong = mend(session)
        if wrong:
            audit.record(
                "tallies.mend",
                object_type="StateTally",
                detail={"mended": len(wrong), "differences": sum(map(abs, wrong.values()))},
                session=session,
            )
    for (kind, scope, status), number in sorted(wrong.items()):
        extra = {"table": kind, "scope": scope, "state": status, "difference": number}
        log.warning("a kept number by state was wrong", extra=extra)
    return len(wrong)


def recount_daily() -> None:
    """Count again when the worker has begun, and then once on each day in Beijing."""
    last: date | None = current_app.extensions.get(LAST_DAY)
    if last != clock.today():
        recount()
        current_app.extensions[LAST_DAY] = clock.today()
