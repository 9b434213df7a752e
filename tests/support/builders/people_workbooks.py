"""Workbooks of units and people, checked and confirmed as an administrator does it."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence

import xlsxwriter
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from lab.enrolment.bulk_import import service, service_check
from lab.enrolment.bulk_import.worksheets import COLUMNS, WORKSHEETS
from lab.enrolment.models import PEOPLE, UNITS, PeopleImport
from lab.extensions import db
from lab.identity.models.account import Person
from tests.support.cast import person

Row = Mapping[str, str]
NAME = "人员名单.xlsx"
UNIT = {"name": "示例支局【演示】", "parent": "邮政东城分公司"}


def newcomer(number: int = 1, **changes: str) -> dict[str, str]:
    """A row of a person in the unit of the same workbook: field -> text of its cell."""
    row = {"sign_in_name": f"new{number}", "name": f"新人{number}【演示】", "unit": UNIT["name"]}
    return {**row, "roles": "申报人", **changes}


def workbook(units: Iterable[Row] = (UNIT,), people: Iterable[Row] = ()) -> bytes:
    """A workbook of both worksheets with the template's headings."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"strings_to_numbers": False, "strings_to_formulas": False})
    for content, rows in ((UNITS, units), (PEOPLE, people)):
        sheet = book.add_worksheet(WORKSHEETS[content])
        columns = COLUMNS[content]
        lines = [[column.heading for column in columns]]
        lines += [[row.get(column.field, "") for column in columns] for row in rows]
        for at, line in enumerate(lines):
            sheet.write_row(at, 0, line)
    book.close()
    return out.getvalue()


def checked(person_id: int, data: bytes, name: str = NAME) -> PeopleImport:
    """An import that was uploaded and checked."""
    batch = service.begin_import(FileStorage(io.BytesIO(data), name), person_id)
    db.session.commit()
    return recheck(batch.key)


def recheck(key: str) -> PeopleImport:
    """The import with this key, its dry run done."""
    service_check.KIND.run_dry_check({"import": key})
    db.session.expire_all()
    return db.session.scalars(select(PeopleImport).where(PeopleImport.key == key)).one()


def imported(person_id: int, people: Sequence[Row], units: Iterable[Row] = (UNIT,)) -> PeopleImport:
    """An import that was confirmed."""
    batch = checked(person_id, workbook(units, people))
    assert service.confirm_import(batch, person(person_id)), batch.result
    db.session.commit()
    return batch


def account(name: str = "new1") -> Person:
    """The account with this sign-in name."""
    return db.session.scalars(select(Person).where(Person.sign_in_name == name)).one()
