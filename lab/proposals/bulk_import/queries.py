"""Queries of imports: those of a call, its numbers, and the origin of a proposal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from sqlalchemy import ColumnElement, Executable, bindparam, func, select
from sqlalchemy.orm import aliased

from lab.extensions import db
from lab.files.models import StoredFile
from lab.identity.models.account import Person
from lab.importing.batches.queries import listed_batches
from lab.importing.rules.batch_lifecycle import ImportStatus
from lab.proposals.models.imports import ImportedProposal, ProposalImport
from lab.proposals.models.proposal import Proposal
from lab.proposals.rules.bulk_import.lifecycle import IMPORT
from lab.proposals.rules.form.schema import UNNAMED
from lab.workflow import State


@dataclass(frozen=True)
class ImportRow:
    """One import in a call's list."""

    key: str
    name: str
    state: State
    rows: int
    faulty: int
    warned: int
    made_by: str
    made_at: datetime

    @property
    def is_checking(self) -> bool:
        return self.state.code == ImportStatus.CHECKING


def imports_of(call_id: int) -> tuple[ImportRow, ...]:
    """Return the latest imports of a call, newest first."""
    rows = listed_batches(ProposalImport, ProposalImport.call_id == call_id)
    return tuple(
        ImportRow(
            key=row.key,
            name=name,
            state=IMPORT.state(row.status),
            rows=row.row_count,
            faulty=row.faulty_count,
            warned=row.warned_count,
            made_by=who,
            made_at=row.made_at,
        )
        for row, name, who in rows
    )


# -- the result --------------------------------------------------------------------------------


def number_range(first: str | None, last: str | None) -> str:
    """Return the numbers of an import in words: from 至 to, or the only one."""
    return f"{first}至{last}" if first != last else str(first)


@dataclass(frozen=True)
class MadeProposal:
    """What an import made of a row, for who may open it: its address and what it is called."""

    key: str
    name: str


def made_of(
    import_id: int, rows: Sequence[int], visible: ColumnElement[bool]
) -> dict[int, MadeProposal]:
    """Return row -> what was made of it, of these rows, as far as `visible` holds."""
    made = db.session.execute(
        select(ImportedProposal.row, Proposal.key, Proposal.number, Proposal.title)
        .join(Proposal, Proposal.id == ImportedProposal.proposal_id)
        .where(ImportedProposal.import_id == import_id, ImportedProposal.row.in_(rows), visible)
    )
    return {row: MadeProposal(key, number or title or UNNAMED) for row, key, number, title in made}


def numbers_of(import_id: int) -> str:
    """Return the numbers of an import's proposals, "" before the import and for drafts."""
    mine = select(func.min(ImportedProposal.row), func.max(ImportedProposal.row)).where(
        ImportedProposal.import_id == import_id
    )
    first, last = db.session.execute(mine).one()
    if first is None:
        return ""
    ends = (
        select(Proposal.number)
        .join(ImportedProposal, ImportedProposal.proposal_id == Proposal.id)
        .where(ImportedProposal.import_id == import_id, ImportedProposal.row.in_([first, last]))
        .order_by(ImportedProposal.row)
    )
    numbers = [number for number in db.session.scalars(ends) if number]
    return number_range(numbers[0], numbers[-1]) if numbers else ""


# -- where a proposal comes from ---------------------------------------------------------------


@dataclass(frozen=True)
class Origin:
    """How a proposal was imported: arrival of the mail, file and row, by whom and when.

    `as_draft`: as a draft, which its owner completed; then the day of the mail may be unknown.
    """

    received_on: date | None
    file: str
    row: int
    imported_by: str
    imported_at: datetime | None
    as_draft: bool


def origin_of(proposal_id: int) -> Origin | None:
    """Return the origin of an imported proposal, None for one that was written here."""
    row = db.session.execute(_origin(), {"proposal_id": proposal_id}).first()
    return Origin(*row) if row else None


@cache
def _origin() -> Executable:
    who = aliased(Person)
    return (
        select(
            ImportedProposal.received_on,
            StoredFile.name,
            ImportedProposal.row,
            who.name,
            ProposalImport.imported_at,
            ProposalImport.as_drafts,
        )
        .join(ProposalImport, ProposalImport.id == ImportedProposal.import_id)
        .join(StoredFile, StoredFile.id == ProposalImport.file_id)
        .join(who, who.id == ProposalImport.imported_by_id)
        .where(ImportedProposal.proposal_id == bindparam("proposal_id"))
    )
