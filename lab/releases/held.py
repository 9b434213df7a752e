"""What releases bring to a handover: pending requests stay their askers' own."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import select

from lab.extensions import db
from lab.handover.kinds import KeptKind, KeptLine
from lab.identity.models.account import Person
from lab.policy import Actor
from lab.releases.models import Release
from lab.releases.registry import find_action
from lab.releases.rules.lifecycle import ReleaseStatus


def _pending(_reader: Actor, person: Person) -> list[KeptLine]:
    """Return the requests of this person that wait for a second one, by action."""
    codes = db.session.scalars(
        select(Release.action_code)
        .where(Release.asked_by_id == person.id, Release.status == ReleaseStatus.PENDING)
        .order_by(Release.id)
    )
    return [KeptLine(find_action(code).label, count) for code, count in Counter(codes).items()]


PENDING = KeptKind(
    label="待复核的申请",
    why="申请只属于申请人本人，不交接。需要继续的，由其他有权人员重新申请。",
    lines=_pending,
)
