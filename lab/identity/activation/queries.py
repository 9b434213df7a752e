"""Reads of slips."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from lab import clock
from lab.extensions import db
from lab.identity.models.account import Person
from lab.identity.models.slips import ActivationSlip
from lab.identity.rules.slips import SlipState, slip_state

_STATES = {
    SlipState.VALID: "有效期至{}",
    SlipState.USED: "已使用",
    SlipState.VOID: "已作废",
    SlipState.EXPIRED: "已过期（{}）",
}


@dataclass(frozen=True)
class SlipNote:
    """Who issued a slip, when, and how it stands."""

    issued_by: str
    issued_at: datetime
    state: str

    @property
    def text(self) -> str:
        """The note in words."""
        return f"{clock.cn_datetime(self.issued_at)}由{self.issued_by}发放，{self.state}"


def newest_slip(person_id: int) -> SlipNote | None:
    """Return how the newest slip of an account stands, None where none was issued."""
    row = db.session.execute(
        select(ActivationSlip, Person.name)
        .join(Person, Person.id == ActivationSlip.issued_by_id)
        .where(ActivationSlip.person_id == person_id)
        .order_by(ActivationSlip.id.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    slip, issuer = row
    state = slip_state(slip.expires_at, slip.used_at, slip.void_at, clock.now())
    last = clock.cn_date(clock.beijing(slip.expires_at).date())
    return SlipNote(issuer, slip.issued_at, _STATES[state].format(last))
