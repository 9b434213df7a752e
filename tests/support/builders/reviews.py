"""Rounds in any state, made by the real services as office and reviewers would."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextvars import Context
from decimal import Decimal
from typing import Any, TypeVar

from flask import g, has_app_context
from sqlalchemy import select
from werkzeug.test import TestResponse

from lab.calls.models.call import Call
from lab.decisions.models import Decision
from lab.decisions.pages import service as decisions
from lab.extensions import db
from lab.policy import Actor
from lab.proposals.models.proposal import Proposal
from lab.proposals.submission import service as submission
from lab.reviews.assignment import service as assignment_service
from lab.reviews.models import Pledge, ScoreSheet
from lab.reviews.rounds import service as rounds_service
from lab.reviews.rounds import service_closing
from lab.reviews.scoring.completeness import Answers
from lab.reviews.sheets import service as sheets_service
from tests.support.builders.calls import close, open_call
from tests.support.builders.proposals import accepted_proposal, check
from tests.support.cast import Cast, person
from tests.support.client import PageClient

T = TypeVar("T")
KEYS = ("importance", "complexity", "demonstration", "replicability")


def act_as(person_id: int) -> None:
    """Let audit lines of the following service calls carry this person."""
    who = person(person_id)
    g.person, g.actor, g.actor_name = who, Actor(who.id, who.roles, who.unit_id), who.name


def closed_with(cast: Cast, count: int = 2, **changes: Any) -> tuple[Call, list[Proposal]]:
    """A closed call and `count` accepted proposals of post_branch, jointly with bank_branch."""
    call = open_call(cast, **changes)
    proposals = [
        accepted_proposal(cast, call, title=f"【演示】试点项目{place}")
        for place in range(1, count + 1)
    ]
    return close(call), proposals


def assign(call: Call, cast: Cast, proposals: Sequence[Proposal], reviewers: Sequence[int]) -> None:
    """Assign every reviewer to every proposal, by `office`."""
    pairs = {(p.key, person(r).key) for p in proposals for r in reviewers}
    assignment_service.assign(call, pairs, set(), person(cast.office))
    db.session.commit()


def panel(cast: Cast) -> tuple[int, int, int]:
    """The three reviewers without a conflict."""
    return (cast.reviewer, cast.reviewer2, cast.reviewer3)


def open_round(cast: Cast, count: int = 2, **changes: Any) -> tuple[Call, list[Proposal]]:
    """A round under way: three reviewers assigned to every proposal, nothing scored."""
    call, proposals = closed_with(cast, count, **changes)
    assign(call, cast, proposals, panel(cast))
    rounds_service.open_review(call)
    db.session.commit()
    return call, proposals


def sheet_of(proposal: Proposal, reviewer_id: int) -> ScoreSheet:
    """The sheet of this reviewer."""
    return db.session.scalars(
        select(ScoreSheet).where(
            ScoreSheet.proposal_id == proposal.id, ScoreSheet.reviewer_id == reviewer_id
        )
    ).one()


def opened_sheet(cast: Cast, proposal: Proposal) -> ScoreSheet:
    """The pledged sheet of `reviewer` for a confirmed draft, which goes all the way to review."""
    submission.submit(proposal, cast.applicant, pledged=True)
    db.session.commit()
    check(proposal, cast, "passed")
    call = close(proposal.call)
    assign(call, cast, [proposal], [cast.reviewer])
    rounds_service.open_review(call)
    db.session.commit()
    pledge(call, cast.reviewer)
    return sheet_of(proposal, cast.reviewer)


def answers(
    scores: Sequence[int] | Mapping[str, int | None] = (85, 80, 82, 84), **changes: Any
) -> Answers:
    """A complete sheet with these scores, in the order of the preset criteria."""
    given = dict(scores) if isinstance(scores, Mapping) else dict(zip(KEYS, scores, strict=True))
    values: dict[str, Any] = {
        "scores": {k: None if v is None else Decimal(v) for k, v in given.items()},
        "notes": {k: "依据较为充分，与实验室工作结合紧密，安排可行。" for k in given},
        "recommendation": "approve",
        "strengths": "场景成熟。",
        "problems": "商户培训需加强。",
        "comment": "建议立项。",
        "same_confirmed": True,
    }
    return Answers(**{**values, **changes})


def pledge(call: Call, reviewer_id: int) -> None:
    """Sign the pledge unless it has been signed."""
    signed = select(Pledge.id).where(Pledge.call_id == call.id, Pledge.reviewer_id == reviewer_id)
    if db.session.scalar(signed) is None:
        sheets_service.sign_pledge(call, person(reviewer_id))
        db.session.commit()


def score(
    proposal: Proposal, reviewer_id: int, scores: Sequence[int] = (85, 80, 82, 84), **changes: Any
) -> ScoreSheet:
    """Pledge where needed and submit one complete sheet."""
    pledge(proposal.call, reviewer_id)
    sheet = sheet_of(proposal, reviewer_id)
    assert sheets_service.submit_sheet(sheet, sheet.version, answers(scores, **changes)) == []
    db.session.commit()
    return sheet


def scored_round(
    cast: Cast, marks: Sequence[int] = (90, 80), **changes: Any
) -> tuple[Call, list[Proposal]]:
    """A round with every sheet in: proposal i has a mark of marks[i] on every criterion."""
    call, proposals = open_round(cast, len(marks), **changes)
    for proposal, mark in zip(proposals, marks, strict=True):
        for reviewer_id in panel(cast):
            score(proposal, reviewer_id, (mark,) * 4)
    return call, proposals


def ended_round(
    cast: Cast, marks: Sequence[int] = (90, 80), **changes: Any
) -> tuple[Call, list[Proposal]]:
    """A round that has ended, with its ranking frozen."""
    call, proposals = scored_round(cast, marks, **changes)
    service_closing.close_round(call, cancel_owed=False)
    db.session.commit()
    return call, proposals


def started_decision(
    cast: Cast, marks: Sequence[int] = (90, 80), **changes: Any
) -> tuple[Decision, list[Proposal]]:
    """A decision drawn up and pre-filled, not put forward."""
    call, proposals = ended_round(cast, marks, **changes)
    decision = decisions.start(call)
    db.session.commit()
    return decision, proposals


def submitted_decision(
    cast: Cast, marks: Sequence[int] = (90, 80), **changes: Any
) -> tuple[Decision, list[Proposal]]:
    """A decision before the leading group; marks follow the ranking."""
    decision, proposals = started_decision(cast, marks, **changes)
    kept = {i.proposal.key: decisions.Marking(i.mark, i.reason) for i in decision.items}
    missing = decisions.submit(decision, decision.version, kept, "", person(cast.office))
    assert missing == []
    db.session.commit()
    return decision, proposals


def approved_decision(
    cast: Cast, marks: Sequence[int] = (90, 80), **changes: Any
) -> tuple[Decision, list[Proposal]]:
    """A decision that the leading group approved."""
    decision, proposals = submitted_decision(cast, marks, **changes)
    decisions.approve(decision, person(cast.leading))
    db.session.commit()
    return decision, proposals


def published_decision(
    cast: Cast, marks: Sequence[int] = (90, 80), **changes: Any
) -> tuple[Decision, list[Proposal]]:
    """A published decision: results are out, the call is announced."""
    decision, proposals = approved_decision(cast, marks, **changes)
    decisions.publish(decision)
    db.session.commit()
    return decision, proposals


class Browser(PageClient):
    """A client for tests that keep a session of their own: lets go of its locks before each
    request, runs the request in a context of its own, and sees afterwards what it wrote."""

    def as_(self, person_id: int) -> Browser:
        other = Browser(self.app)
        other.http = _apart(super().as_, person_id).http
        return other

    def get(self, path: str, status: int = 200) -> TestResponse:
        return _apart(super().get, path, status)

    def post(
        self, path: str, data: dict[str, Any] | None = None, status: int = 303
    ) -> TestResponse:
        return _apart(super().post, path, data, status)

    def submit(
        self, path: str, data: dict[str, Any] | None = None, status: int = 303, form: int = 0
    ) -> TestResponse:
        return _apart(super().submit, path, data, status, form)


def _apart(act: Callable[..., T], *args: Any) -> T:
    if has_app_context():
        db.session.rollback()
    return Context().run(act, *args)
