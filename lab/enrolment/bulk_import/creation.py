"""Create units, accounts and requests for roles from checked rows, in statements for all rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from lab.db import insert_all, new_key
from lab.enrolment.bulk_import.service_check import Outcome
from lab.enrolment.models import ImportedPerson, PeopleImport, RoleRequest
from lab.enrolment.rules.person_rows import sign_in_name_of
from lab.enrolment.rules.rows import CheckedRow
from lab.extensions import db
from lab.identity.models.account import Person
from lab.identity.people.service_bulk import NewAccount, create_accounts
from lab.identity.units.service_bulk import NewUnit, create_units
from lab.importing.rules.names import name_key


def create_all(batch: PeopleImport, outcome: Outcome, by: Person, now: datetime) -> None:
    """Create what is new, units before people; everything refers to the import.

    The number of statements does not grow with that of the rows. Raises IntegrityError when a unit
    or account of the same name has come meanwhile.
    """
    facts = {"import": batch.key}
    parents = {unit.name: unit.id for unit in outcome.known_units.values()}
    names = _names(outcome)
    levels = [[_new_unit(row, outcome, names) for row in level] for level in outcome.units.levels]
    units = create_units(levels, parents, facts)
    by_key = {name_key(name): unit_id for name, unit_id in units.items()}
    new = [row for row in outcome.people if not row.exists]
    ids = create_accounts([_new_account(row, by_key) for row in new], by, facts)
    insert_all(
        db.session(),
        [
            ImportedPerson(import_id=batch.id, person_id=ids[sign_in_name_of(row)], row=row.row)
            for row in new
        ],
    )
    ids |= {name: person.id for name, person in outcome.known_people.items()}
    insert_all(db.session(), _requests(batch, outcome, ids, by, now))


def _names(outcome: Outcome) -> dict[str, str]:
    """Return the name of each unit, old or new, by its key: a cell may spell it in another way."""
    new = {
        name_key(row.cells["name"]): row.cells["name"]
        for level in outcome.units.levels
        for row in level
    }
    return {**{key: unit.name for key, unit in outcome.known_units.items()}, **new}


def _new_unit(row: CheckedRow, outcome: Outcome, names: dict[str, str]) -> NewUnit:
    key, parent = name_key(row.cells["name"]), name_key(row.cells["parent"])
    return NewUnit(row.cells["name"], outcome.units.sides[key], names[parent] if parent else "")


def _new_account(row: CheckedRow, units: dict[str, int]) -> NewAccount:
    return NewAccount(
        sign_in_name=sign_in_name_of(row),
        name=row.cells["name"],
        unit_id=units[name_key(row.cells["unit"])],
        duty=row.cells["duty"],
        phone=row.cells["phone"],
        email=row.cells["email"],
    )


def _requests(
    batch: PeopleImport, outcome: Outcome, ids: dict[str, int], by: Person, now: datetime
) -> Sequence[RoleRequest]:
    made = []
    for row in outcome.people:
        for role in outcome.added_roles(row):
            request = RoleRequest(
                key=new_key(),
                version=1,
                person_id=ids[sign_in_name_of(row)],
                person_kind="staff",
                role=role,
                import_id=batch.id,
                asked_by_id=by.id,
                asked_at=now,
                answer="",
            )
            request.begin()
            made.append(request)
    return made
