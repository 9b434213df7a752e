"""Accepted spellings of units, people and choices: read once per workbook."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from lab.extensions import db
from lab.identity.core.queries import unit_choices
from lab.identity.models.account import Person
from lab.identity.people.directory import StaffEntry, staff_entries
from lab.importing.rules.names import NameIndex, name_index
from lab.policy import APPLICANT, STAFF
from lab.proposals.bulk_import.workbook.columns import (
    CHOICE,
    NO,
    PEOPLE,
    TICK,
    UNITS,
    YES,
    make_forms,
    template_columns,
    workbook_cells,
)

OPTIONS_HINT = "请按模板中“选项”表所列的名称填写。"
PEOPLE_HINT = "请写登录名或“姓名（单位）”。"
TICK_NAMES = name_index(
    "选项",
    [("1", (YES, "1", "√", "true")), ("", (NO, "0", "×", "false"))],
    f"请填“{YES}”或“{NO}”。",
)


def all_names() -> dict[str, NameIndex]:
    """Return the NameIndex of each field, or part of a line ("people.person_id").

    Issues few queries, however many rows there are.
    """
    staff = staff_entries()
    people = _people("人员", staff)
    owners = _people("申报人", (entry for entry in staff if APPLICANT in entry.roles))
    spelt = [(key, _unit_spellings(label)) for key, label in unit_choices()]
    units = name_index("单位", spelt, OPTIONS_HINT)
    return {
        **_form_choices(),
        **dict.fromkeys(UNITS, units),
        **dict.fromkeys(PEOPLE, people),
        "owner_id": owners,
    }


def units_by_person() -> dict[int, int | None]:
    """Return the unit of everybody who may be named (ids), in one query."""
    staff = select(Person.id, Person.unit_id).where(Person.kind == STAFF)
    return {person_id: unit_id for person_id, unit_id in db.session.execute(staff)}


def _people(kind: str, entries: Iterable[StaffEntry]) -> NameIndex:
    spelt = [(str(e.id), (e.sign_in_name, e.name, person_label(e.name, e.unit))) for e in entries]
    return name_index(kind, spelt, PEOPLE_HINT)


def person_label(name: str, unit: str) -> str:
    """Return a person's name with the unit, since the name alone may be ambiguous."""
    return f"{name}（{unit}）"


def _unit_spellings(label: str) -> tuple[str, str]:
    return label, label.partition(" · ")[2]


def _form_choices() -> dict[str, NameIndex]:
    """Return the choices that the forms themselves offer: types, indicators, yes and no."""
    names_by_field, forms_made = {}, make_forms()
    for column in template_columns():
        field = forms_made[column.form][column.field]
        if column.kind == TICK:
            names_by_field[column.field] = TICK_NAMES
        elif column.kind == CHOICE and hasattr(field, "choices"):
            names_by_field[column.field] = _choice_names(field.choices)
        for part, cell in zip(
            column.parts, workbook_cells(field) if column.parts else (), strict=True
        ):
            if part.kind == CHOICE and hasattr(cell, "choices"):
                names_by_field[f"{column.field}.{part.name}"] = _choice_names(cell.choices)
    return names_by_field


def _choice_names(choices: Iterable[tuple[str, str]]) -> NameIndex:
    """Accept a choice by its label, its label without the unit in brackets, or its code."""
    spelt = [(code, (label, label.partition("（")[0], code)) for code, label in choices]
    return name_index("选项", spelt, OPTIONS_HINT)
