"""The numbers by state beside a list are those of the proposals that its reader may open."""

from __future__ import annotations

from collections import Counter

from flask import Flask
from sqlalchemy import select

from lab.extensions import db
from lab.policy import APPLICANT, LEADING, OFFICE, Actor
from lab.proposals.core.counts import visible_numbers
from lab.proposals.core.visibility.grants import visible_condition
from lab.proposals.core.visibility.relations import is_participant, participant_ids
from lab.proposals.models.proposal import Proposal
from lab.proposals.pages.queries import call_choices
from lab.proposals.todos import _checks
from tests.support.builders.calls import open_call
from tests.support.builders.proposals import (
    accepted_proposal,
    empty_draft,
    filled_draft,
    returned_proposal,
    submitted_proposal,
    unconfirmed_draft,
)
from tests.support.cast import Cast


def readers(cast: Cast) -> list[Actor]:
    """Readers of all kinds; some take part in proposals, too."""
    both = frozenset({OFFICE, APPLICANT})
    return [
        Actor(cast.office, frozenset({OFFICE}), cast.post_root),
        Actor(cast.leader, frozenset({OFFICE}), cast.post_branch),
        Actor(cast.applicant, both, cast.post_branch),
        Actor(cast.member, both, cast.bank_branch),
        Actor(cast.partner, frozenset({LEADING, APPLICANT}), cast.bank_branch),
        Actor(cast.leading, frozenset({LEADING, OFFICE}), cast.post_root),
        Actor(cast.leading2, frozenset({LEADING}), cast.bank_root),
    ]


def counted(reader: Actor, *narrower: object) -> Counter[str]:
    """The same one by one, from the rows."""
    seen = select(Proposal.status).where(visible_condition(reader), *narrower)  # type: ignore[arg-type]
    return Counter(db.session.scalars(seen))


def test_each_reader_gets_the_numbers_of_the_own_list(both_ctx: Flask, both_cast: Cast) -> None:
    calls = [open_call(both_cast, batch=batch) for batch in (1, 2, 3)]
    for call in calls[:2]:
        for make in (empty_draft, filled_draft, submitted_proposal, returned_proposal):
            make(both_cast, call)
    accepted_proposal(both_cast, calls[0], leader_id=both_cast.stranger, people=[])
    unconfirmed_draft(both_cast, calls[2], leader_id=both_cast.stranger, people=[])
    for reader in readers(both_cast):
        assert visible_numbers(reader) == counted(reader)
        no_drafts = counted(reader, Proposal.status != "draft")
        assert visible_numbers(reader, drafts=False) == no_drafts
        for call in calls:
            of_call = counted(reader, Proposal.call_id == call.id)
            assert visible_numbers(reader, call.key) == of_call
            assert (call.key in dict(call_choices(reader))) is bool(of_call)
        assert visible_numbers(reader, "no such call") == {}


def test_own_proposals_are_found_through_their_indexes(both_ctx: Flask, both_cast: Cast) -> None:
    call = open_call(both_cast)
    submitted_proposal(both_cast, call)
    accepted_proposal(both_cast, call, leader_id=both_cast.stranger, people=[])
    for reader in readers(both_cast):
        theirs = set(db.session.scalars(select(Proposal.id).where(is_participant(reader))))
        assert set(db.session.scalars(participant_ids(reader))) == theirs


def test_a_clerk_is_told_of_checks_but_for_the_own_ones(both_ctx: Flask, both_cast: Cast) -> None:
    calls = [open_call(both_cast, batch=batch) for batch in (1, 2)]
    submitted_proposal(both_cast, calls[0])
    submitted_proposal(both_cast, calls[0], leader_id=both_cast.stranger, people=[])
    submitted_proposal(both_cast, calls[1])
    clerk, concerned = readers(both_cast)[:2]
    with both_ctx.test_request_context():
        assert [todo.task for todo in _checks(clerk)] == ["形式审查2份申报书", "形式审查1份申报书"]
        assert [todo.task for todo in _checks(concerned)] == ["形式审查1份申报书"]
