"""Reads for the pages of imports: all of them, and one with its result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from lab.enrolment.bulk_import.worksheets import COLUMNS, WORKSHEETS
from lab.enrolment.models import ImportedPerson, PeopleImport
from lab.enrolment.rules.columns import labels_of
from lab.enrolment.rules.lifecycle import PEOPLE_IMPORT
from lab.extensions import db
from lab.identity.models.account import Person
from lab.importing.batches.queries import listed_batches, steps_key
from lab.importing.rules.findings import RowFindings, findings_of
from lab.importing.rules.plan import MatchedColumn, matched_columns
from lab.web.pages.pagination import Page, paginate_list
from lab.workflow import State

ROWS_PER_PAGE = 50


@dataclass(frozen=True)
class ImportRow:
    """One import in the list."""

    key: str
    name: str
    state: State
    units: int
    people: int
    roles: int
    faulty: int
    made_by: str
    made_at: datetime


def imports() -> tuple[ImportRow, ...]:
    """Return the latest imports, newest first."""
    return tuple(
        ImportRow(
            key=row.key,
            name=name,
            state=PEOPLE_IMPORT.state(row.status),
            units=row.unit_count,
            people=row.person_count,
            roles=row.role_count,
            faulty=row.faulty_count,
            made_by=who,
            made_at=row.made_at,
        )
        for row, name, who in listed_batches(PeopleImport)
    )


@dataclass(frozen=True)
class RowResult(RowFindings):
    """A row of the workbook with its findings; `exists`: it is there already and is skipped."""

    sheet: str
    row: int
    name: str
    unit: str
    exists: bool


@dataclass(frozen=True)
class ImportPage:
    """An import with a page of its rows; `without_password`: its accounts that wait for a slip."""

    batch: PeopleImport
    state: State
    rows: Page
    only_findings: bool
    matched: tuple[MatchedColumn, ...]
    without_password: int

    def is_in(self, status: str) -> bool:
        """Return whether the import is in this state."""
        return self.state.code == status

    @property
    def steps_key(self) -> str:
        """The upload whose columns may be matched anew, "" where there is none."""
        return steps_key(self.batch)


def import_page(batch: PeopleImport, args: Mapping[str, str]) -> ImportPage:
    """Return the page of an import; `args` carries `only` and the cursor of the rows."""
    only_findings = args.get("only") == "found"
    labels = {content: labels_of(columns) for content, columns in COLUMNS.items()}
    every = (_result(plain, labels[plain["sheet"]]) for plain in batch.result)
    rows = [row for row in every if row.findings or not only_findings]
    return ImportPage(
        batch=batch,
        state=PEOPLE_IMPORT.state(batch.status),
        rows=paginate_list(rows, args, size=ROWS_PER_PAGE),
        only_findings=only_findings,
        matched=_matched(batch),
        without_password=_without_password(batch),
    )


def _result(plain: Mapping[str, Any], labels: Mapping[str, str]) -> RowResult:
    return RowResult(
        sheet=WORKSHEETS[plain["sheet"]],
        row=plain["row"],
        name=plain["name"],
        unit=plain["unit"],
        exists=plain["exists"],
        errors=findings_of(plain, "errors", labels),
        warnings=findings_of(plain, "warnings", labels),
    )


def _matched(batch: PeopleImport) -> tuple[MatchedColumn, ...]:
    # The template's two worksheets have no plan, nor labels in common.
    return matched_columns(batch.plan, labels_of(COLUMNS[batch.content])) if batch.plan else ()


def _without_password(batch: PeopleImport) -> int:
    query = (
        select(func.count())
        .select_from(ImportedPerson)
        .join(Person, Person.id == ImportedPerson.person_id)
        .where(
            ImportedPerson.import_id == batch.id,
            Person.password_hash == "",
            Person.disabled_at.is_(None),
        )
    )
    return db.session.scalar(query) or 0
