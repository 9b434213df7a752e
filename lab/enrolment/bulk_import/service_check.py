"""The dry run of a workbook of units and people: read, check, store what would be created."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lab.enrolment.bulk_import.known import known_people, known_units
from lab.enrolment.bulk_import.worksheets import NO_TABLE, Tables, read_tables
from lab.enrolment.models import PEOPLE, UNITS, PeopleImport
from lab.enrolment.rules.columns import PEOPLE_COLUMNS
from lab.enrolment.rules.person_rows import KnownPerson, check_people, roles_of, sign_in_name_of
from lab.enrolment.rules.rows import CheckedRow, clean_rows
from lab.enrolment.rules.unit_rows import KnownUnit, UnitPlan, check_units
from lab.importing.batches.service import ImportKind
from lab.importing.rules.findings import findings_json
from lab.importing.rules.names import name_key
from lab.importing.rules.worksheets import NO_ROWS, ParsedTable, table_from, table_json

NOTHING_NEW = "表中的单位和账号系统中都已有，没有要新建的，也没有要申请的角色。"


@dataclass(frozen=True)
class Outcome:
    """The result of a dry run; `failure` is "" when everything can be created."""

    tables: Tables
    units: UnitPlan = field(default_factory=lambda: UnitPlan((), (), {}))
    people: tuple[CheckedRow, ...] = ()
    known_units: Mapping[str, KnownUnit] = field(default_factory=dict)
    known_people: Mapping[str, KnownPerson] = field(default_factory=dict)
    failure: str = ""

    def added_roles(self, row: CheckedRow) -> tuple[str, ...]:
        """Return the roles of a row that are neither held nor asked for yet."""
        person = self.known_people.get(sign_in_name_of(row))
        held = person.roles | person.requested if person else frozenset[str]()
        return tuple(role for role in roles_of(row) if role not in held)


# -- checking ----------------------------------------------------------------------------------


def check_tables(tables: Tables) -> Outcome:
    """Check every row against what is stored now, in a handful of queries."""
    if tables.failure:
        return Outcome(tables, failure=tables.failure)
    if not tables.units.rows and not tables.people.rows:
        return Outcome(tables, failure=NO_ROWS)
    stored_units = known_units()
    units = check_units(tables.units, stored_units)
    names = {sign_in_name_of(row) for row in clean_rows(tables.people, PEOPLE_COLUMNS)}
    stored_people = known_people(names)
    new_units = {name_key(row.cells["name"]) for level in units.levels for row in level}
    people = check_people(tables.people, stored_people, stored_units, new_units)
    outcome = Outcome(tables, units, people, stored_units, stored_people)
    return Outcome(tables, units, people, stored_units, stored_people, failure=_failure(outcome))


def _failure(outcome: Outcome) -> str:
    rows = (*outcome.units.rows, *outcome.people)
    if faulty := sum(bool(row.errors) for row in rows):
        return f"{faulty}行有问题，一个也没有建立。请改正后重新上传。"
    if all(row.exists for row in rows) and not any(map(outcome.added_roles, outcome.people)):
        return NOTHING_NEW
    return ""


def stored_tables(batch: PeopleImport) -> Tables:
    """Return the rows as they were read."""
    cells = batch.cells or {}
    tables = {content: table_from(plain) for content, plain in cells.items()}
    return Tables(tables.get(UNITS, NO_TABLE), tables.get(PEOPLE, NO_TABLE))


# -- storing -----------------------------------------------------------------------------------


def store_result(batch: PeopleImport, outcome: Outcome) -> None:
    """Store what was read and found, without a change of state."""
    tables, people = outcome.tables, outcome.people
    batch.cells = {UNITS: table_json(tables.units), PEOPLE: table_json(tables.people)}
    batch.remarks = list(tables.remarks)
    batch.result = [
        *_rows_json(UNITS, tables.units, outcome.units.rows),
        *_rows_json(PEOPLE, tables.people, people),
    ]
    rows = (*outcome.units.rows, *people)
    batch.row_count = len(rows)
    batch.faulty_count = sum(bool(row.errors) for row in rows)
    batch.warned_count = sum(bool(row.warnings) for row in rows)
    batch.unit_count = sum(not row.exists for row in outcome.units.rows)
    batch.person_count = sum(not row.exists for row in people)
    batch.existing_count = sum(row.exists for row in rows)
    batch.role_count = sum(len(outcome.added_roles(row)) for row in people)


def _rows_json(
    content: str, table: ParsedTable, rows: Sequence[CheckedRow]
) -> list[dict[str, Any]]:
    texts = dict(table.rows)
    return [
        {
            **findings_json(table, row.row, texts[row.row], row.errors, row.warnings),
            "sheet": content,
            "row": row.row,
            "name": row.cells["name"],
            "unit": row.cells["parent" if content == UNITS else "unit"],
            "exists": row.exists,
        }
        for row in rows
    ]


def counts(batch: PeopleImport) -> dict[str, Any]:
    """Return what the audit log says of a result."""
    return {
        "rows": batch.row_count,
        "faulty": batch.faulty_count,
        "warned": batch.warned_count,
        "unit_count": batch.unit_count,
        "person_count": batch.person_count,
        "role_count": batch.role_count,
    }


KIND = ImportKind(
    PeopleImport,
    job="enrolment.check_workbook",
    audited_as="people_import",
    check=lambda batch: check_tables(read_tables(batch)),
    store=store_result,
    counts=counts,
)
