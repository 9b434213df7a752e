"""Queries of proposals."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from sqlalchemy import Executable, bindparam, func, select

from lab.extensions import db
from lab.identity.models.account import Person
from lab.proposals.core.content.reader import Content, read
from lab.proposals.models.proposal import FormalityCheck, Proposal, ProposalVersion
from lab.proposals.rules.corrections import ReopenedPart, parts_of
from lab.proposals.rules.screening import checklist
from lab.proposals.rules.screening.checklist import Mark


def existing_keys(keys: Collection[str]) -> frozenset[str]:
    """Return those of the keys whose proposal is there; a draft may have been deleted."""
    return frozenset(db.session.scalars(select(Proposal.key).where(Proposal.key.in_(keys))))


# -- one proposal ------------------------------------------------------------------------------


@dataclass(frozen=True)
class VersionRow:
    """One submitted version in the list of versions."""

    number: int
    fingerprint: str
    submitted_at: datetime
    submitted_by: str
    late_days: int


def version_rows(proposal_id: int) -> tuple[VersionRow, ...]:
    """Return the submitted versions, newest first."""
    rows = db.session.execute(_versions(), {"proposal_id": proposal_id})
    return tuple(VersionRow(*row) for row in rows)


@cache
def _versions() -> Executable:
    return (
        select(
            ProposalVersion.number,
            ProposalVersion.fingerprint,
            ProposalVersion.submitted_at,
            Person.name,
            ProposalVersion.late_days,
        )
        .join(Person, Person.id == ProposalVersion.submitted_by_id)
        .where(ProposalVersion.proposal_id == bindparam("proposal_id"))
        .order_by(ProposalVersion.number.desc())
    )


@dataclass(frozen=True)
class CheckRow:
    """One formality check as shown: outcome, labelled marks, reopened fields.

    `due_on` is fixed by the letter; `note` says where that letter stands, "" once it was sent.
    """

    outcome: str
    label: str
    reason: str
    due_days: int | None
    due_on: date | None
    note: str
    version: int
    checked_at: datetime
    checked_by: str
    marks: tuple[tuple[str, Mark], ...]
    parts: tuple[ReopenedPart, ...]

    @property
    def failed(self) -> tuple[tuple[str, Mark], ...]:
        """The items marked 不合格."""
        return tuple(pair for pair in self.marks if pair[1].result == checklist.FAIL)


def check_rows(proposal_id: int, *, every: bool) -> tuple[CheckRow, ...]:
    """Return the formality checks, newest first.

    `every`: also those whose letter was not sent, which only the office may see.
    """
    rows = db.session.execute(_checks(), {"proposal_id": proposal_id})
    return tuple(_check(row, name) for row, name in rows if every or row.announced_at is not None)


@cache
def _checks() -> Executable:
    return (
        select(FormalityCheck, Person.name)
        .join(Person, Person.id == FormalityCheck.checked_by_id)
        .where(FormalityCheck.proposal_id == bindparam("proposal_id"))
        .order_by(FormalityCheck.id.desc())
    )


def _check(row: FormalityCheck, checker: str) -> CheckRow:
    marks = [Mark(**plain) for plain in row.checklist]
    return CheckRow(
        outcome=row.outcome,
        label=checklist.OUTCOMES[row.outcome],
        reason=row.reason,
        due_days=row.due_days,
        due_on=row.due_on,
        note=_check_note(row),
        version=row.version_number,
        checked_at=row.checked_at,
        checked_by=checker,
        marks=tuple((mark.label_text, mark) for mark in marks),
        parts=parts_of(row.reopened),
    )


def _check_note(row: FormalityCheck) -> str:
    if row.recalled_at is not None:
        return "函件作废，结论已撤回"
    return "" if row.announced_at is not None else "函件尚未发送"


# -- for reviewers -----------------------------------------------------------------------------


def reviewer_view(proposal_id: int, version: int) -> Content:
    """Return what a reviewer sees of a submitted version, reading no other column.

    Raises NoResultFound when there is no such version.
    """
    text = db.session.execute(
        select(ProposalVersion.content).where(
            ProposalVersion.proposal_id == proposal_id, ProposalVersion.number == version
        )
    ).scalar_one()
    return read(text.parsed())


def latest_versions(proposal_ids: Collection[int]) -> dict[int, int]:
    """Return the newest submitted version of each of these proposals, in one query."""
    rows = db.session.execute(
        select(ProposalVersion.proposal_id, func.max(ProposalVersion.number))
        .where(ProposalVersion.proposal_id.in_(proposal_ids))
        .group_by(ProposalVersion.proposal_id)
    )
    return {row[0]: row[1] for row in rows}
