"""What decisions bring to a handover: votes stay with those who have a seat."""

from __future__ import annotations

from sqlalchemy import func, select

from lab.decisions.models import Decision
from lab.decisions.pages.queries import readable_by
from lab.decisions.rules.lifecycle import DecisionStatus
from lab.extensions import db
from lab.handover.kinds import KeptKind, KeptLine
from lab.identity.models.account import Person
from lab.policy import LEADING, Actor


def _votes(reader: Actor, person: Person) -> list[KeptLine]:
    """Return how many lists wait for the leading group, for one of its members."""
    if LEADING not in person.roles:
        return []
    waiting = select(func.count(Decision.id)).where(
        Decision.status == DecisionStatus.SUBMITTED, readable_by(reader)
    )
    count = db.session.scalar(waiting)
    return [KeptLine("待审定的立项名单", count)] if count else []


VOTES = KeptKind(
    label="审定和表决",
    why="由领导小组成员本人作出，不能由他人代为表决；其他成员照常审定。",
    lines=_votes,
)
