"""Queries of imports: those of a call, one with its result, and the origin of a proposal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Executable, bindparam, func, select
from sqlalchemy.orm import aliased

from lab.extensions import db
from lab.files.models import StoredFile
from lab.identity.models.account import Person
from lab.policy import Actor, Resource
from lab.proposals.bulk_import.workbook.columns import by_field
from lab.proposals.models.imports import ImportedProposal, ProposalImport
from lab.proposals.models.proposal import Proposal
from lab.proposals.rules.bulk_import.lifecycle import IMPORT
from lab.web.request.guards import LoadedResource
from lab.workflow import State

VIEW = "import.view"


def load_import(_actor: Actor, key: str) -> LoadedResource | None:
    """Load the import with this key."""
    batch = db.session.scalar(select(ProposalImport).where(ProposalImport.key == key))
    return LoadedResource(batch, Resource("import", batch.status), VIEW) if batch else None


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


def imports_of(call_id: int) -> tuple[ImportRow, ...]:
    """Return the imports of a call, newest first, at most 50."""
    rows = db.session.execute(
        select(ProposalImport, StoredFile.name, Person.name)
        .join(StoredFile, StoredFile.id == ProposalImport.file_id)
        .join(Person, Person.id == ProposalImport.made_by_id)
        .where(ProposalImport.call_id == call_id)
        .order_by(ProposalImport.id.desc())
        .limit(50)
    )
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


@dataclass(frozen=True)
class CellFinding:
    """A message about one cell."""

    field: str
    label: str
    message: str
    error: bool


@dataclass(frozen=True)
class RowResult:
    """A row of the workbook: its number, content, and findings."""

    row: int
    title: str
    unit: str
    errors: tuple[CellFinding, ...]
    warnings: tuple[CellFinding, ...]

    @property
    def findings(self) -> tuple[CellFinding, ...]:
        """The errors, then the warnings."""
        return (*self.errors, *self.warnings)


def row_results(
    batch: ProposalImport, *, only_with_findings: bool = False
) -> tuple[RowResult, ...]:
    """Return every row with its findings; `only_with_findings`: only rows that have any."""
    every = (_result(plain) for plain in batch.result)
    return tuple(row for row in every if row.findings or not only_with_findings)


def _result(plain: Mapping[str, Any]) -> RowResult:
    def findings(kind: str) -> tuple[CellFinding, ...]:
        pairs: Sequence[tuple[str, str]] = plain[kind]
        return tuple(
            CellFinding(name, by_field()[name].label, message, kind == "errors")
            for name, message in pairs
        )

    return RowResult(
        row=int(str(plain["row"])),
        title=str(plain["title"]),
        unit=str(plain["unit"]),
        errors=findings("errors"),
        warnings=findings("warnings"),
    )


@dataclass(frozen=True)
class NumberRange:
    """The first and the last number assigned by an import."""

    first: str
    last: str


def numbers_of(import_id: int) -> NumberRange | None:
    """Return the numbers of an import's proposals, None before the import."""
    mine = select(func.min(ImportedProposal.row), func.max(ImportedProposal.row)).where(
        ImportedProposal.import_id == import_id
    )
    first, last = db.session.execute(mine).one()
    if first is None:
        return None
    ends = (
        select(Proposal.number)
        .join(ImportedProposal, ImportedProposal.proposal_id == Proposal.id)
        .where(ImportedProposal.import_id == import_id, ImportedProposal.row.in_([first, last]))
        .order_by(ImportedProposal.row)
    )
    numbers = list(db.session.scalars(ends))
    return NumberRange(str(numbers[0]), str(numbers[-1]))


# -- where a proposal comes from ---------------------------------------------------------------


@dataclass(frozen=True)
class Origin:
    """How a proposal was imported: arrival of the mail, file and row, by whom and when."""

    received_on: date
    file: str
    row: int
    imported_by: str
    imported_at: datetime | None


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
        )
        .join(ProposalImport, ProposalImport.id == ImportedProposal.import_id)
        .join(StoredFile, StoredFile.id == ProposalImport.file_id)
        .join(who, who.id == ProposalImport.imported_by_id)
        .where(ImportedProposal.proposal_id == bindparam("proposal_id"))
    )
