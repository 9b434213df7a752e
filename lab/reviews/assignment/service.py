"""Assign reviewers to proposals, enforcing the recusal rules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from lab import audit, clock
from lab.calls.models.call import Call
from lab.calls.rules import lifecycle
from lab.calls.rules.timing import effective_state
from lab.db import bump_version, transition
from lab.extensions import db
from lab.identity.models.account import Person
from lab.inbox.notices.service import notify
from lab.policy import Actor
from lab.proposals.core.queries import latest_versions
from lab.proposals.models.proposal import Proposal
from lab.proposals.rules.lifecycle import ASSIGNABLE
from lab.rejected import Rejected
from lab.reviews.core.conflicts import conflicted_condition
from lab.reviews.core.locking import is_round_open, lock_call
from lab.reviews.core.reviewers import reviewer_ids
from lab.reviews.models import ScoreSheet
from lab.reviews.recusal.queries import conflicts
from lab.reviews.rounds.service import invitation_text
from lab.reviews.rules.lifecycle import ASSIGNED, SheetStatus
from lab.web.links import About

Pair = tuple[str, str]  # keys of a proposal and of a reviewer


@dataclass(frozen=True)
class AssignmentChange:
    """How many assignments were added and removed."""

    added: int
    removed: int


def assign(call: Call, ticked: set[Pair], shown: set[Pair], by: Person) -> AssignmentChange:
    """Change the assignments from what the page showed to what is ticked on it.

    Pairs that others changed meanwhile and that this page did not touch stay as they are. Raises
    Rejected for a pair with a conflict, an unknown proposal or reviewer, a sheet that has been
    submitted or given up, and for proposals of the person who assigns.
    """
    lock_call(call)
    _reject_closed_round(call)
    add, remove = ticked - shown, shown - ticked
    batch = AssignmentBatch(call, by, add | remove)
    for pair in sorted(add):
        batch.assign(*pair)
    for pair in sorted(remove):
        batch.remove(*pair)
    bump_version(call)
    if is_round_open(call):
        notify(batch.notified_ids, invitation_text(call), About.of(call, "reviews"))
    audit.record("round.assign", call, detail={"added": len(add), "removed": len(remove)})
    return AssignmentChange(len(add), len(remove))


def _reject_closed_round(call: Call) -> None:
    state = effective_state(call, clock.now())
    if call.review_closed_at is not None or state not in lifecycle.ASSIGNABLE:
        raise Rejected("本轮评审已经结束或尚未截止征集，不能分配评委。")


class AssignmentBatch:
    """The rows needed by one change of assignments, loaded once."""

    def __init__(self, call: Call, by: Person, pairs: set[Pair]) -> None:
        self.by = by
        self.notified_ids: set[int] = set()
        self.now = clock.now()
        self.proposals = _by_key(Proposal, {p for p, _ in pairs})
        self.people = _by_key(Person, {r for _, r in pairs})
        self.assignable_ids = reviewer_ids()
        self.call = call
        ids = [p.id for p in self.proposals.values()]
        self.conflicts = conflicts(ids, [p.id for p in self.people.values()])
        keeps_out = conflicted_condition(Actor(by.id, by.roles, by.unit_id))
        own = select(Proposal.id).where(Proposal.id.in_(ids), keeps_out)
        self.closed = frozenset(db.session.scalars(own))
        self.versions = latest_versions(ids)
        sheets = db.session.scalars(select(ScoreSheet).where(ScoreSheet.proposal_id.in_(ids)))
        self.sheets = {(s.proposal_id, s.reviewer_id): s for s in sheets}

    def _pair(self, proposal_key: str, reviewer_key: str) -> tuple[Proposal, Person]:
        proposal = self.proposals.get(proposal_key)
        person = self.people.get(reviewer_key)
        if proposal is None or person is None or proposal.call_id != self.call.id:
            raise Rejected("页面内容已变化，请刷新后重新分配。")
        if proposal.id in self.closed:
            raise Rejected(f"您需要回避“{proposal.title}”，不能分配其评委，请由其他经办人办理。")
        return proposal, person

    def assign(self, proposal_key: str, reviewer_key: str) -> None:
        proposal, person = self._pair(proposal_key, reviewer_key)
        if proposal.status not in ASSIGNABLE:
            raise Rejected(f"“{proposal.title}”不在评审范围内，不能分配评委。")
        if reasons := self.conflicts.between(proposal.id, person.id):
            raise Rejected(f"{person.name}不能评审“{proposal.title}”：{reasons[0].text}。")
        if person.id not in self.assignable_ids:
            raise Rejected(f"{person.name}不是可用的评委。")
        self._write(proposal, person)

    def _write(self, proposal: Proposal, person: Person) -> None:
        sheet = self.sheets.get((proposal.id, person.id))
        version = self.versions.get(proposal.id, 1)
        if sheet is None:
            sheet = ScoreSheet(
                proposal_id=proposal.id,
                reviewer_id=person.id,
                assigned_by_id=self.by.id,
                assigned_at=self.now,
                proposal_version=version,
            )
            sheet.begin()
            db.session.add(sheet)
        elif sheet.status == SheetStatus.CANCELLED:
            transition(sheet, "reassign", proposal_version=version, assigned_at=self.now)
        elif sheet.status == SheetStatus.ABSTAINED:
            raise Rejected(f"{person.name}已弃评“{proposal.title}”，请另行分配评委。")
        self.notified_ids.add(person.id)

    def remove(self, proposal_key: str, reviewer_key: str) -> None:
        proposal, person = self._pair(proposal_key, reviewer_key)
        sheet = self.sheets.get((proposal.id, person.id))
        if sheet is None or sheet.status not in ASSIGNED:
            return
        if sheet.status == SheetStatus.SUBMITTED:
            raise Rejected(f"{person.name}已提交对“{proposal.title}”的评审，不能取消分配。")
        transition(sheet, "cancel", closed_reason="实施办公室取消分配")


def _by_key(model: Any, keys: Iterable[str]) -> dict[str, Any]:
    rows = db.session.scalars(select(model).where(model.key.in_(sorted(keys))))
    return {row.key: row for row in rows}
