"""The acts on a proposal: submit, withdraw, and the moves of a call's review."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import func, select

from lab import audit, clock
from lab.calls.models import Call
from lab.calls.timing import accepts_submissions
from lab.canonical import canonical_json, fingerprint, short
from lab.db import expect_version, move
from lab.errors import Refused
from lab.extensions import db
from lab.inbox.service import holders, notify
from lab.numbering import proposal_number
from lab.policy import OFFICE
from lab.proposals import checklist, content
from lab.proposals.completeness import gaps
from lab.proposals.drafts import leftovers_of, lock
from lab.proposals.models import Proposal, ProposalVersion
from lab.proposals.signals import proposal_submitted
from lab.sequences import allocate

BEFORE_REVIEW = ("published", "open", "closed")


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


def may_submit_at(proposal: Proposal, moment: datetime) -> str:
    """Why the proposal cannot be submitted at `moment`; "" when it can.

    Office rule: drafts while the call takes proposals; a returned one until the end of its due
    day in Beijing, even after the call has closed, but not once the call is under review.
    """
    call = proposal.call
    if proposal.status != "returned":
        return "" if accepts_submissions(call, moment) else "不在征集时间内，不能提交。"
    if call.status not in BEFORE_REVIEW:
        return "本批次已进入评审，不能再提交。"
    last = due_on(proposal)
    if last is not None and moment > clock.end_of_day(last):
        return f"补正期限为{clock.cn_date(last)}，已经过期，不能再提交。"
    return ""


def submit(proposal: Proposal, person_id: int, *, pledged: bool, version: int | None = None) -> str:
    """Submit or resubmit and return the number, which is given at the first time only.

    Freezes the content as the next version with its fingerprint. Raises Clash when the content
    changed since `version` was shown, TransitionRefused in a state without submission, Refused
    when it is late, incomplete or without the pledge (field "pledge").
    """
    lock(proposal)
    if version is not None:
        expect_version(proposal, version)
    proposal.machine.next(proposal.status, "submit")
    now = clock.now()
    if late := may_submit_at(proposal, now):
        raise Refused(late)
    if lacking := gaps(proposal, leftovers_of(proposal)):
        raise Refused(f"还有{len(lacking)}处需要补充，不能提交。")
    if not pledged:
        raise Refused("请阅读并勾选诚信承诺。", "pledge")
    number = proposal.number or _new_number(proposal.call)
    move(proposal, "submit", number=number, submitted_at=now, pledged_at=now)
    frozen = freeze_version(proposal, person_id, now)
    proposal_submitted.send(proposal=proposal, version=frozen)
    notify(
        [person for person in holders(OFFICE) if person not in involved(proposal)],
        f"申报书{number}《{proposal.title}》已提交，请办理形式审查。",
        f"/proposals/{proposal.key}",
    )
    audit.record(
        "proposal.submit",
        proposal,
        detail={
            "number": number,
            "version": frozen.number,
            "fingerprint": short(frozen.fingerprint),
        },
    )
    return number


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
    """Ids of owner, leader and members."""
    people = {proposal.owner_id, *(row.person_id for row in proposal.people)}
    return people | ({proposal.leader_id} if proposal.leader_id else set())


def withdraw(proposal: Proposal) -> None:
    """Take a proposal back before review; final. Owner and leader are told."""
    lock(proposal)
    move(proposal, "withdraw", closed_at=clock.now())
    tell(proposal, f"申报书{proposal.number}《{title_of(proposal)}》已撤回。")
    audit.record("proposal.withdraw", proposal, detail={"number": proposal.number})


def tell(proposal: Proposal, text: str) -> None:
    """Put a notice before owner and leader that leads to the proposal's page."""
    notify([proposal.owner_id, proposal.leader_id], text, address_of(proposal))


# -- moves of a call's review and decision; the caller writes the audit line -------------------


def enter_review(call: Call) -> int:
    """Move every accepted proposal of the call into review; returns how many. No audit line."""
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
