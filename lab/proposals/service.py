"""The acts on a proposal: submit, and the moves of a call's review."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import func, select

from lab import audit, clock
from lab.calls.models.call import Call
from lab.calls.rules.timing import BEFORE_REVIEW, accepts_until
from lab.canonical import canonical_json, fingerprint, short
from lab.db import expect_version, move
from lab.extensions import db
from lab.inbox.service import holders, notify
from lab.numbering.formats import proposal_number
from lab.numbering.sequences import allocate
from lab.policy import OFFICE
from lab.proposals import (
    admission,
    checklist,
    content,
    deadlines,
    joint,
    queries_withdrawal,
    service_joint,
)
from lab.proposals.drafts import lock, open_fields
from lab.proposals.lifecycle import PROPOSAL
from lab.proposals.models import Proposal, ProposalVersion
from lab.proposals.progress import Next, what_next
from lab.proposals.readiness import lacking
from lab.proposals.reopening import Returned, days_late, parts, queue_rank
from lab.proposals.signals import proposal_submitted
from lab.proposals.withdrawal import ASK_STATES
from lab.rejected import Rejected


def address_of(proposal: Proposal) -> str:
    """The path of the proposal's page, for notices."""
    return f"/proposals/{proposal.key}"


def title_of(proposal: Proposal) -> str:
    return proposal.title or "未命名申报书"


# -- submission --------------------------------------------------------------------------------


def due_on(proposal: Proposal) -> date | None:
    """The last day of the newest return for correction, None when there was none."""
    returned = [check.due_on for check in proposal.checks if check.outcome == checklist.RETURNED]
    return returned[-1] if returned else None


def may_submit_at(proposal: Proposal, moment: datetime, until: datetime | None) -> str:
    """Why the proposal cannot be submitted at `moment`; "" when it can. `until`: its deadline, as
    `deadlines.taken_until` has it.

    Office rule: drafts while the call takes them (see `deadlines`); a returned one even after the
    call has closed, but not once the call is under review. After the end of its due day in Beijing
    it may still come back, is marked late, and the office decides (see `late_days`).
    """
    call = proposal.call
    if proposal.status != "returned":
        return "" if accepts_until(call, until, moment) else "不在征集时间内，不能提交。"
    if call.status not in BEFORE_REVIEW:
        return "本批次已进入评审，不能再提交。"
    return ""


def next_step(proposal: Proposal, until: datetime | None) -> Next:
    """What comes next for the proposal, by when and whose turn it is; `until`: its deadline, as
    `deadlines.taken_until` has it."""
    now = clock.now()
    return what_next(
        proposal.status,
        accepts_until(proposal.call, until, now),
        until,
        due_on(proposal) if proposal.status == "returned" else None,
        now=now,
        withdrawing=proposal.status in ASK_STATES
        and queries_withdrawal.asked(proposal.id) is not None,
        partner_owes=proposal.status == PROPOSAL.initial
        and joint.is_asked(content.partner_of(proposal), proposal.confirmations),
    )


def late_days(proposal: Proposal, moment: datetime) -> int:
    """How many days after the due day of its return a returned proposal is at `moment`."""
    if proposal.status != "returned":
        return 0
    return days_late(due_on(proposal), clock.beijing(moment).date())


def returned_state(proposal: Proposal) -> Returned | None:
    """What the applicant must know of a return; None when the proposal is not returned."""
    if proposal.status != "returned":
        return None
    late = late_days(proposal, clock.now())
    return Returned(due_on(proposal), late, parts(open_fields(proposal)))


def submit(proposal: Proposal, person_id: int, *, pledged: bool, version: int | None = None) -> str:
    """Submit or resubmit and return the number, which is given at the first time only.

    Freezes the content as the next version with its fingerprint. Raises Clash when the content
    changed since `version` was shown, TransitionRefused in a state without submission, Rejected
    when it is late, incomplete, without the pledge (field "pledge") or, for a joint one, without
    a confirmation by the partner unit that holds. A return handed in after its due day is marked
    so.
    """
    lock(proposal)
    if version is not None:
        expect_version(proposal, version)
    proposal.machine.next(proposal.status, "submit")
    now = clock.now()
    if late := may_submit_at(proposal, now, deadlines.taken_until(proposal)):
        raise Rejected(late)
    admission.expect_to_submit(proposal)
    if found := lacking(proposal):
        raise Rejected(f"还有{len(found)}处需要补充，不能提交。")
    if not pledged:
        raise Rejected("请阅读并勾选诚信承诺。", "pledge")
    number = proposal.number or _new_number(proposal.call)
    answers = due_on(proposal) if proposal.status == "returned" else None
    overdue = late_days(proposal, now)
    move(proposal, "submit", number=number, submitted_at=now, pledged_at=now)
    proposal.first_submitted_at = proposal.first_submitted_at or now
    service_joint.drop_open(proposal, now)
    frozen = freeze_version(proposal, person_id, now)
    frozen.answers_due_on, frozen.late_days = answers, overdue
    proposal.queue_rank = queue_rank(frozen.number, overdue)
    proposal_submitted.send(proposal=proposal, version=frozen)
    notify(
        [person for person in holders(OFFICE) if person not in involved(proposal)],
        f"申报书{number}《{proposal.title}》{_arrived(overdue)}，请办理形式审查。",
        f"/proposals/{proposal.key}",
    )
    audit.record(
        "proposal.submit",
        proposal,
        detail={
            "number": number,
            "version": frozen.number,
            "fingerprint": short(frozen.fingerprint),
            "late_days": overdue,
        },
    )
    return number


def _arrived(overdue: int) -> str:
    return f"已提交（逾期补正{overdue}天）" if overdue else "已提交"


def _new_number(call: Call) -> str:
    scope = f"{call.year}-{call.batch:02d}"
    return proposal_number(call.year, call.batch, allocate("proposal", scope))


def latest_version(proposal_id: int) -> int:
    """The number of the newest submitted version, 0 before the first submission."""
    newest = select(func.max(ProposalVersion.number)).where(
        ProposalVersion.proposal_id == proposal_id
    )
    return db.session.scalar(newest) or 0


def freeze_version(proposal: Proposal, person_id: int, now: datetime) -> ProposalVersion:
    """Keep the content as it stands as the next version; part of a submission."""
    row = frozen(content.gather(proposal), person_id, now)
    row.proposal_id, row.number = proposal.id, latest_version(proposal.id) + 1
    db.session.add(row)
    db.session.flush()
    return row


def frozen(proposal: Proposal, person_id: int, now: datetime) -> ProposalVersion:
    """The content as it stands, frozen with its fingerprint, not yet placed among the versions.

    Asks the database nothing when all that the content needs has been read.
    """
    shown = content.shown(proposal)
    return ProposalVersion(
        content=canonical_json(shown),
        private=canonical_json(content.private(proposal)),
        fingerprint=fingerprint(shown),
        submitted_by_id=person_id,
        submitted_at=now,
    )


def involved(proposal: Proposal) -> set[int]:
    """Ids of owner, leader and members, and of whoever was asked to confirm for the partner."""
    return applicants(proposal) | {row.person_id for row in proposal.confirmations}


def applicants(proposal: Proposal) -> set[int]:
    """Ids of owner, leader and members, who read everything about the proposal."""
    people = {proposal.owner_id} | {row.person_id for row in proposal.people}
    return people | ({proposal.leader_id} if proposal.leader_id else set())


def partners(proposal: Proposal) -> set[int]:
    """The id of whoever is asked to confirm for the partner unit and writes nothing himself, or
    none; not of those who were asked before another one was chosen."""
    asked = {row.person_id for row in proposal.confirmations}
    return asked & {proposal.partner_id} - applicants(proposal)


def tell(proposal: Proposal, text: str) -> None:
    """Put a notice before owner and leader that leads to the proposal's page."""
    notify([proposal.owner_id, proposal.leader_id], text, address_of(proposal))


# -- moves of a call's review and decision; the caller writes the audit line -------------------


def enter_review(call: Call) -> int:
    """Move every accepted proposal of the call into review; returns how many. No audit line.

    Raises Rejected while a request for withdrawal waits for its answer.
    """
    if waiting := queries_withdrawal.asked_in(call.id):
        raise Rejected(f"有{waiting}份申报书的撤回申请还没有答复，请先答复，再开启评审。")
    return _move_all(call, "accepted", "open_review")


def leave_review(call: Call) -> int:
    """Move every proposal under review out of it; returns how many. No audit line."""
    return _move_all(call, "reviewing", "close_review")


def _move_all(call: Call, status: str, act: str) -> int:
    chosen: Iterable[Proposal] = db.session.scalars(
        select(Proposal)
        .where(Proposal.call_id == call.id, Proposal.status == status)
        .order_by(Proposal.id)
        .with_for_update()
    ).all()
    return len([move(proposal, act) for proposal in chosen])


def announce_result(proposal: Proposal, mark: str) -> None:
    """Write the result of a reviewed proposal: mark approve, reserve or decline. No audit line.

    Raises TransitionRefused for another mark or state.
    """
    move(proposal, mark, closed_at=clock.now())
