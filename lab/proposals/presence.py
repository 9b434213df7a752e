"""Who is at which step of a proposal, and which save came from where.

A save whose answer was lost is sent again by the page. `is_own_retry` tells it from a save of
somebody else, so that nobody meets a clash with their own text.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select

from lab import clock
from lab.db import writing
from lab.extensions import db
from lab.identity.models import Person
from lab.proposals.layout import BY_SLUG, place_of
from lab.proposals.models import Proposal
from lab.proposals.models_drafts import ProposalPresence

SEEN_FOR = timedelta(seconds=90)
KEPT_FOR = timedelta(days=1)


@dataclass(frozen=True)
class Sender:
    """The page that saves: who sits at it, at which step, and the number of this save.

    `tab` is the page's random name ("" without scripts). `adopted`, `adopted_number`: the page
    whose unsaved text was taken over after a reload, and the last save that it may have sent.
    """

    person_id: int
    step: str
    tab: str = ""
    number: int = 0
    adopted: str = ""
    adopted_number: int = 0


def touch(proposal: Proposal, person_id: int, step: str) -> ProposalPresence:
    """Note that the person is at this step now. The proposal's row must be locked before."""
    row = _row(proposal, person_id, step)
    if row is None:
        row = ProposalPresence(
            proposal_id=proposal.id, person_id=person_id, step=step, saved_version=0
        )
        db.session.add(row)
    row.seen_at = clock.now()
    return row


def _row(proposal: Proposal, person_id: int, step: str) -> ProposalPresence | None:
    return db.session.scalar(
        select(ProposalPresence).where(
            ProposalPresence.proposal_id == proposal.id,
            ProposalPresence.person_id == person_id,
            ProposalPresence.step == step,
        )
    )


def note_save(proposal: Proposal, sender: Sender, base: int | None) -> None:
    """Remember that this page saved, from version `base` to the proposal's present one."""
    row = touch(proposal, sender.person_id, sender.step)
    row.tab, row.number = sender.tab, sender.number
    row.base_version, row.saved_version = base or 0, proposal.version


def is_own_retry(proposal: Proposal, sender: Sender | None, base: int, newest: int) -> bool:
    """Whether the step's newest save (version `newest`) is one of this very page, from the same
    `base`, the answer to which never arrived."""
    if sender is None or not sender.tab:
        return False
    row = _row(proposal, sender.person_id, sender.step)
    if row is None or not row.tab or (row.base_version, row.saved_version) != (base, newest):
        return False
    return row.tab == sender.tab or (
        row.tab == sender.adopted and row.number <= sender.adopted_number
    )


def last_save(proposal: Proposal, person_id: int, step: str) -> str:
    """Page and number of the person's newest save of a step, as tab:number; ":0" for none."""
    row = _row(proposal, person_id, step)
    return f"{row.tab}:{row.number}" if row else ":0"


def others(proposal: Proposal, person_id: int) -> tuple[str, ...]:
    """Sentences on who else is writing now: 组长甲正在编辑第3步“实施方案与联动”。"""
    rows = db.session.execute(
        select(Person.name, ProposalPresence.step)
        .join(Person, Person.id == ProposalPresence.person_id)
        .where(
            ProposalPresence.proposal_id == proposal.id,
            ProposalPresence.person_id != person_id,
            ProposalPresence.seen_at > (now := clock.now()) - SEEN_FOR,
            ProposalPresence.seen_at <= now + clock.SKEW,
        )
        .order_by(Person.name, ProposalPresence.step)
    ).all()
    return tuple(
        f"{name}正在编辑第{place_of(step) + 1}步“{BY_SLUG[step].label}”。"
        for name, step in rows
        if step in BY_SLUG
    )


def sweep() -> None:
    """Forget who sat where a day ago."""
    with writing() as session:
        session.execute(
            delete(ProposalPresence).where(ProposalPresence.seen_at < clock.now() - KEPT_FOR)
        )
