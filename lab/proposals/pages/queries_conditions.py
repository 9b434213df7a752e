"""SQL conditions of proposal lists: filters, and what a proposal waits for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from sqlalchemy import ColumnElement, and_, bindparam, exists, false, func, not_, or_, select

from lab import clock
from lab.calls.models.call import Call
from lab.calls.rules.lifecycle import BEFORE_REVIEW
from lab.db import UtcDateTime
from lab.policy import Actor
from lab.proposals.core.deadlines import extension_columns
from lab.proposals.core.visibility.grants import visible_condition
from lab.proposals.core.visibility.relations import is_owner_or_leader, is_participant
from lab.proposals.models.joint import JointConfirmation
from lab.proposals.models.proposal import Proposal
from lab.proposals.models.withdrawal import ProposalWithdrawal
from lab.proposals.rules.joint.lifecycle import ConfirmationStatus
from lab.proposals.rules.lifecycle import IN_CHECK, PROPOSAL, ProposalStatus
from lab.proposals.rules.matching import parse_terms
from lab.proposals.rules.withdrawal import WithdrawalStatus
from lab.proposals.search.queries import matches


def list_conditions(
    actor: Actor, args: Mapping[str, str], *, drafts: bool = True, whole: bool = False
) -> list[ColumnElement[bool]]:
    """Return the SQL conditions of a filtered list; its rows, counts and export share them.

    `whole`: the list is read to its end, not up to a page.
    """
    parts = [filter_condition(actor, args, drafts=drafts, whole=whole)]
    if args.get("status") in PROPOSAL.codes:
        parts.append(Proposal.status == args["status"])
    return parts


def filter_condition(
    actor: Actor, args: Mapping[str, str], *, drafts: bool, whole: bool = False
) -> ColumnElement[bool]:
    """Return the SQL condition of a filtered list in any state; for `whole` see above."""
    parts = [place_condition(actor, args, drafts=drafts)]
    if args.get("q", "").strip():
        query_terms = parse_terms(args["q"])
        parts.append(matches(actor, query_terms, whole=whole) if query_terms else false())
    return and_(*parts)


def place_condition(actor: Actor, args: Mapping[str, str], *, drafts: bool) -> ColumnElement[bool]:
    """Return the SQL condition of a list, in any state and whatever words are looked for."""
    parts = [visible_condition(actor)]
    if not drafts:
        parts.append(Proposal.status != ProposalStatus.DRAFT)
    if args.get("call"):
        call_id = select(Call.id).where(Call.key == args["call"]).scalar_subquery()
        parts.append(Proposal.call_id == call_id)
    return and_(*parts)


@lru_cache(maxsize=256)
def awaits_actor(actor: Actor) -> ColumnElement[bool]:
    """Return the SQL condition: the next step is the actor's own.

    Agrees with `rules.progress.next_step_for`.
    """
    now = bindparam("now", callable_=lambda: clock.now(), type_=UtcDateTime())
    accepting = and_(
        Call.status.in_(BEFORE_REVIEW),
        Call.opens_at <= now,
        # Without more time the comparison is NULL, which is neither true nor false.
        or_(
            Call.closes_at > now,
            *(func.coalesce(more > now, false()) for more in extension_columns()),
        ),
    )
    returned = and_(Proposal.status == ProposalStatus.RETURNED, not_(withdrawal_requested()))
    writing = and_(Proposal.status == ProposalStatus.DRAFT, accepting, not_(awaits_partner()))
    return and_(is_owner_or_leader(actor), or_(returned, writing))


def withdrawal_requested() -> ColumnElement[bool]:
    """Return the SQL condition: a withdrawal request awaits the office."""
    return exists().where(
        ProposalWithdrawal.proposal_id == Proposal.id,
        ProposalWithdrawal.status == WithdrawalStatus.ASKED,
    )


def awaits_partner() -> ColumnElement[bool]:
    """Return the SQL condition: the partner unit has been asked and has not answered.

    Like `rules.joint.confirmation.is_asked`.
    """
    return exists().where(
        JointConfirmation.proposal_id == Proposal.id,
        JointConfirmation.status == ConfirmationStatus.ASKED,
        JointConfirmation.unit_id == Proposal.joint_unit_id,
        JointConfirmation.person_id.is_not_distinct_from(Proposal.partner_id),
    )


def is_unconfirmed(actor: Actor) -> ColumnElement[bool]:
    """Return the SQL condition: submitted before the partner unit has confirmed.

    Like `rules.joint.confirmation.is_unconfirmed`. After a return the partner unit may be under
    correction, of which only the proposal's own people know.
    """
    confirmed = exists().where(
        JointConfirmation.proposal_id == Proposal.id,
        JointConfirmation.status == ConfirmationStatus.CONFIRMED,
        JointConfirmation.unit_id == Proposal.joint_unit_id,
        JointConfirmation.person_id.is_not_distinct_from(Proposal.partner_id),
    )
    in_check = or_(
        Proposal.status == ProposalStatus.SUBMITTED,
        and_(Proposal.status.in_(IN_CHECK), is_participant(actor)),
    )
    return and_(in_check, Proposal.joint_unit_id.is_not(None), not_(confirmed))
