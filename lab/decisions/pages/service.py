"""Writes of decisions: draw up, submit, approve or send back, publish."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from lab import audit, clock
from lab.calls.models.call import Call
from lab.calls.rules.lifecycle import CallStatus
from lab.canonical import short
from lab.db import bump_version, expect_version, transition
from lab.decisions.models import Decision, DecisionAction, DecisionItem
from lab.decisions.pages.queries_missing import MissingItem, submission_blockers
from lab.decisions.ranking.queries import frozen_ranking_table
from lab.decisions.rules.office_marks import Mark
from lab.decisions.rules.selection import default_mark, notice_end
from lab.decisions.signals import decision_approved, decision_published
from lab.extensions import db
from lab.identity.models.account import Person
from lab.inbox.notices.service import notify, role_holder_ids
from lab.policy import LEADING, OFFICE
from lab.proposals.core.notifications import applicant_ids, partner_ids
from lab.proposals.models.proposal import Proposal
from lab.proposals.rules.lifecycle import PROPOSAL
from lab.proposals.submission.review_transitions import announce_result
from lab.rejected import Rejected
from lab.reviews.core.conflicts import without_conflict
from lab.reviews.core.locking import lock_call
from lab.reviews.rounds.queries_ranking import newest_ranking
from lab.web.links import About
from lab.workdays.queries import office_calendar


@dataclass(frozen=True)
class Marking:
    """The office's mark on one proposal and the reason for it."""

    mark: str | None
    reason: str = ""


# -- drawing up --------------------------------------------------------------------------------


def start(call: Call) -> Decision:
    """Draw up the decision of a call from its frozen ranking; return it.

    Each proposal starts with the mark of its zone in the ranking. Raises Rejected before review
    has ended, or when the call has a decision already.
    """
    lock_call(call)
    frozen = newest_ranking(call.id) if call.review_closed_at else None
    if frozen is None or call.status != CallStatus.REVIEWING:
        raise Rejected("评审尚未结束，不能拟定立项建议。")
    if db.session.scalar(select(Decision.id).where(Decision.call_id == call.id)):
        raise Rejected("本批次已经拟定立项建议。")
    ranking_table = frozen_ranking_table(call.id, frozen.number)
    keys = [line.key for line in ranking_table.lines]
    ids = {p.key: p.id for p in db.session.scalars(select(Proposal).where(Proposal.key.in_(keys)))}
    decision = Decision(call_id=call.id, ranking_number=frozen.number)
    decision.begin()
    decision.items = [
        DecisionItem(
            proposal_id=ids[line.key],
            position=position,
            mark=default_mark(line.zone),  # type: ignore[arg-type]
        )
        for position, line in enumerate(ranking_table.lines, 1)
    ]
    db.session.add(decision)
    db.session.flush()
    audit.record("decision.start", decision, detail={"ranking": short(frozen.fingerprint)})
    return decision


def save(
    decision: Decision, version: int | None, marks: Mapping[str, Marking], explanation: str
) -> None:
    """Save the marks, even if some are still missing.

    `marks` maps the key of a proposal to its marking; proposals not in it keep theirs. Raises
    EditConflict when the decision changed since it was shown.
    """
    _write(decision, version, marks, explanation)
    audit.record("decision.edit", decision, detail=_counts(decision))


def submit(
    decision: Decision,
    version: int | None,
    marks: Mapping[str, Marking],
    explanation: str,
    by: Person,
) -> list[MissingItem]:
    """Save the marks and submit the decision to the leading group (提请审定).

    When something is missing, only saves the marks and returns what is missing. Raises
    EditConflict when the decision changed since it was shown, TransitionRejected when it has been
    submitted already.
    """
    _write(decision, version, marks, explanation)
    blockers = submission_blockers(decision)
    if blockers:
        audit.record("decision.edit", decision, detail=_counts(decision))
        return blockers
    transition(decision, "submit", proposed_by_id=by.id, proposed_at=clock.now())
    _record_action(decision, "submit", by)
    text = f"“{decision.call.title}”立项建议已提请审定，请办理。"
    recipients = without_conflict(role_holder_ids(LEADING), decision.call_id)
    notify(recipients, text, About.of(decision))
    audit.record("decision.submit", decision, detail=_counts(decision))
    return []


def _record_action(decision: Decision, action: str, by: Person | None, reason: str = "") -> None:
    """Add an action that was just taken to the history of the decision."""
    row = DecisionAction(
        decision_id=decision.id,
        action=action,
        status=decision.status,
        reason=reason,
        by_id=by.id if by else None,
        at=clock.now(),
    )
    db.session.add(row)


def _write(
    decision: Decision, version: int | None, marks: Mapping[str, Marking], explanation: str
) -> None:
    _lock(decision)
    expect_version(decision, version)
    for item in decision.items:
        if marking := marks.get(item.proposal.key):
            item.mark, item.reason = marking.mark, marking.reason
    decision.explanation = explanation
    bump_version(decision)
    db.session.flush()  # the page that follows carries the version as it now is


def _lock(decision: Decision) -> None:
    """Lock the row and read it again, so that only one of several concurrent requests succeeds."""
    db.session.scalars(
        select(Decision)
        .where(Decision.id == decision.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def _counts(decision: Decision) -> dict[str, int]:
    marks = [item.mark for item in decision.items]
    return {mark.value: marks.count(mark) for mark in Mark}


# -- deciding ----------------------------------------------------------------------------------


def approve(decision: Decision, by: Person, note: str = "") -> None:
    """Approve the decision (同意); receivers of `decision_approved` create the projects.

    Raises TransitionRejected when it is not awaiting approval.
    """
    _lock(decision)
    transition(decision, "approve", decided_by_id=by.id, decided_at=clock.now(), note=note or None)
    _record_action(decision, "approve", by, note)
    db.session.flush()
    decision_approved.send(decision=decision)
    _notify_office(decision, f"“{decision.call.title}”立项建议已审定同意，请办理公布。")
    audit.record("decision.approve", decision, detail=_counts(decision))


def send_back(decision: Decision, by: Person, note: str) -> None:
    """Send the decision back to the office (退回重议).

    Raises Rejected without a reason (field "note"), TransitionRejected when the decision is not
    awaiting approval.
    """
    if not note.strip():
        raise Rejected("退回重议须写明意见。", "note")
    _lock(decision)
    transition(decision, "send_back", decided_by_id=by.id, decided_at=clock.now(), note=note)
    _record_action(decision, "send_back", by, note)
    _notify_office(decision, f"“{decision.call.title}”立项建议被退回重议，请按意见修改。")
    audit.record("decision.send_back", decision, detail={"note_length": len(note)})


def _notify_office(decision: Decision, text: str) -> None:
    people = [*role_holder_ids(OFFICE), decision.proposed_by_id]
    notify(without_conflict(people, decision.call_id), text, About.of(decision))


# -- publishing --------------------------------------------------------------------------------


def publish(decision: Decision, by: Person | None = None) -> None:
    """Publish the decision (公布): set the proposals' results and announce the call.

    Applicants and partner units are notified. Office rule: public notice starts today and ends
    five working days later. Raises TransitionRejected when the decision is not approved, or the
    state of a proposal or of the call does not allow it.
    """
    _lock(decision)
    today = clock.today()
    transition(
        decision,
        "publish",
        published_at=clock.now(),
        notice_starts_on=today,
        notice_ends_on=notice_end(today, calendar=office_calendar()),
    )
    _record_action(decision, "publish", by)
    for item in decision.items:
        announce_result(item.proposal, Mark(item.mark or "").result)
        _notify_applicants(item.proposal)
    transition(decision.call, "announce", announced_at=clock.now())
    db.session.flush()
    decision_published.send(decision=decision)
    audit.record("decision.publish", decision, detail=_counts(decision))


def _notify_applicants(proposal: Proposal) -> None:
    result = PROPOSAL.state(proposal.status).label
    text = f"申报书{proposal.number}《{proposal.title}》评审结果已公布：{result}。"
    notify(applicant_ids(proposal), text, About.of(proposal, "result"))
    notify(partner_ids(proposal), text, About.of(proposal))  # the comments are not the partner's
