"""Proposals and confirmations that a person holds, named without what was never submitted.

The title of a draft is its applicants' own, so the office reads the call and the days instead; of
what was submitted it reads number and title as submitted. See docs/decisions/0019.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from lab.calls.models.call import Call
from lab.calls.rules.lifecycle import COLLECTING
from lab.clock import cn_date
from lab.extensions import db
from lab.handover.kinds import KeptLine
from lab.handover.rules import HeldItem
from lab.identity.models.account import Person, Unit
from lab.policy import Actor
from lab.proposals.core.visibility.titles import official_title, submitted_contents
from lab.proposals.models.joint import JointConfirmation
from lab.proposals.models.proposal import Proposal, ProposalPerson
from lab.proposals.rules.joint.lifecycle import ConfirmationStatus
from lab.proposals.rules.lifecycle import (
    BEFORE_CHECK,
    FINAL,
    OWN_TEXT,
    PROPOSAL,
    RETRACTABLE,
    ProposalStatus,
)


def _status() -> ColumnElement[str]:
    """Return the state in a form that no index fits: a few people's rows are read by their own
    index, where the planner would else go through all proposals of these states.
    """
    return func.coalesce(Proposal.status, "")


def _is_pending() -> ColumnElement[bool]:
    """Its applicant still has something to do, or may have: a draft of a past call is no matter."""
    is_draft = and_(_status() == ProposalStatus.DRAFT, Call.status.in_(COLLECTING))
    return or_(is_draft, _status().in_(RETRACTABLE))


# -- proposals ---------------------------------------------------------------------------------


def draft_counts(_reader: Actor, people: Any) -> Any:
    """Return how many proposals each of the people has entered that are not through the check."""
    owner = Proposal.owner_id
    return (
        select(owner.label("person_id"), func.count(Proposal.id).label("total"))
        .join(Call, Call.id == Proposal.call_id)
        .where(owner.in_(people), _is_pending())
        .group_by(owner)
    )


def held_drafts(_reader: Actor, person_id: int) -> list[HeldItem]:
    """Return the proposals that this person entered: one query, three where one is returned.

    The unit that stands in a text not submitted is its applicants' own: colleagues of the giver may
    receive it, and applicants of the unit that has submitted it.
    """
    rows = db.session.execute(
        _named(
            Proposal.unit_id, Proposal.created_at, Proposal.saved_at, Person.unit_id.label("own")
        )
        .join(Person, Person.id == Proposal.owner_id)
        .where(Proposal.owner_id == person_id, _is_pending())
        .order_by(Proposal.id)
    ).all()
    units = {row.id: row.unit_id for row in rows if row.status == ProposalStatus.SUBMITTED}
    units |= _submitted_units([row.id for row in rows if row.status == ProposalStatus.RETURNED])
    return [
        HeldItem(
            key=row.key,
            name=_name(row),
            state=PROPOSAL.state(row.status).label,
            status=row.status,
            note=f"{cn_date(row.created_at)}开始填写，{cn_date(row.saved_at)}最近保存",
            unit_ids=frozenset({row.own, units.get(row.id)} - {None}),
        )
        for row in rows
    ]


def _submitted_units(ids: Collection[int]) -> dict[int, int]:
    """Return the units that last submitted these proposals, as long as they have that name."""
    names = {key: read.shown["unit"] for key, read in submitted_contents(ids).items()}
    if not names:
        return {}
    found = db.session.execute(select(Unit.name, Unit.id).where(Unit.name.in_(set(names.values()))))
    by_name = {name: unit_id for name, unit_id in found}
    return {key: by_name[name] for key, name in names.items() if name in by_name}


def _named(*more: Any) -> Select[Any]:
    """Select what names a proposal without its unsubmitted content."""
    title = official_title().label("title")
    columns = (Proposal.id, Proposal.key, Proposal.status, Proposal.number, title)
    return select(*columns, Call.title.label("call"), *more).join(Call, Call.id == Proposal.call_id)


def _name(row: Any) -> str:
    return f"{row.number}《{row.title}》" if row.number else f"{row.call}的草稿"


# -- confirmations -----------------------------------------------------------------------------


def _is_awaited() -> ColumnElement[bool]:
    return and_(
        JointConfirmation.status == ConfirmationStatus.ASKED,
        JointConfirmation.person_id == Proposal.partner_id,
        JointConfirmation.unit_id == Proposal.joint_unit_id,
        _status().in_(BEFORE_CHECK),
    )


def confirmation_counts(_reader: Actor, people: Any) -> Any:
    """Return how many answers for a partner unit are waited for from each of the people."""
    person = JointConfirmation.person_id
    return (
        select(person.label("person_id"), func.count(JointConfirmation.id).label("total"))
        .join(Proposal, Proposal.id == JointConfirmation.proposal_id)
        .where(person.in_(people), _is_awaited())
        .group_by(person)
    )


def held_confirmations(_reader: Actor, person_id: int) -> list[HeldItem]:
    """Return the requests that this person has not answered, in one query.

    Who else takes part stands in the text that is not submitted: that the leader does not confirm
    is asked where the confirmation is given.
    """
    rows = db.session.execute(
        _named(Proposal.owner_id, JointConfirmation.unit_id, JointConfirmation.asked_at)
        .join(JointConfirmation, JointConfirmation.proposal_id == Proposal.id)
        .where(JointConfirmation.person_id == person_id, _is_awaited())
        .order_by(JointConfirmation.id)
    )
    return [
        HeldItem(
            key=row.key,
            name=_name(row),
            state="待联合单位确认",
            status=row.status,
            note=f"{cn_date(row.asked_at)}提请",
            unit_ids=frozenset({row.unit_id}),
            barred_ids=frozenset({row.owner_id}),
        )
        for row in rows
    ]


# -- what stays --------------------------------------------------------------------------------


def parts_taken(_reader: Actor, person: Person) -> list[KeptLine]:
    """Return in how many proposals of others, handed in and unfinished, this person takes part.

    Who is named in a text not submitted is not counted.
    """
    member = select(ProposalPerson.proposal_id).where(ProposalPerson.person_id == person.id)
    takes_part = or_(Proposal.leader_id == person.id, Proposal.id.in_(member))
    count = db.session.scalar(
        select(func.count(Proposal.id)).where(
            takes_part,
            Proposal.owner_id != person.id,
            _status().not_in((*FINAL, *OWN_TEXT)),
        )
    )
    return [KeptLine("担任负责人或成员的申报书", count)] if count else []
