"""Columns of the office's workbook: the forms' fields, and the evidence from the mail.

Derived from the forms, so that every form field is a column.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from lab.proposals.bulk_import.forms import EvidenceForm
from lab.proposals.rules.form.description import Kind
from lab.proposals.rules.form.fields import FIELDS
from lab.proposals.rules.form.schema import LABELS, STEPS
from lab.proposals.writing.forms.field_forms import FORMS
from lab.web.fields import CheckboxField, DateField, DecimalField, PersonField, SelectField
from lab.web.fields.base import PortalField
from lab.web.fields.rows import RowsField
from lab.web.forms import EditForm

FORM_WORKSHEET, GUIDE_WORKSHEET, OPTIONS_WORKSHEET = "填写", "说明", "选项"
TEMPLATE_WORKSHEETS = (FORM_WORKSHEET, GUIDE_WORKSHEET, OPTIONS_WORKSHEET)
EVIDENCE = "evidence"  # stands where the others have the step of the form
OMITTED_FIELDS = tuple(field.key for field in FIELDS if not field.importable)
MEMBER = "people.person_id"
PARTNER = "partner_id"
PEOPLE = (
    *(field.key for field in FIELDS if field.importable and field.kind is Kind.PERSON),
    *(MEMBER, "owner_id"),
)
UNITS = tuple(field.key for field in FIELDS if field.importable and field.kind is Kind.UNIT)
YES, NO = "是", "否"
CHOICE, DAY, NUMBER, ROWS, TICK, TEXT = "choice", "day", "number", "rows", "tick", "text"
_KINDS: tuple[tuple[type[PortalField], str], ...] = (
    (RowsField, ROWS),
    (SelectField, CHOICE),
    (PersonField, CHOICE),
    (CheckboxField, TICK),
    (DateField, DAY),
    (DecimalField, NUMBER),
)


@dataclass(frozen=True)
class Part:
    """One part of a line in a multi-row cell: form name, label, kind."""

    name: str
    label: str
    kind: str


@dataclass(frozen=True)
class WorkbookColumn:
    """A column: field, its form, label, kind, whether it is required.

    `limit` counts characters, `most` rows (None for no limit); `parts` of a line.
    """

    field: str
    form: str
    label: str
    kind: str
    needed: bool
    limit: int | None = None
    most: int | None = None
    parts: tuple[Part, ...] = ()

    @property
    def heading(self) -> str:
        """The heading in the template: a star marks a required column."""
        return f"{self.label}*" if self.needed else self.label


def make_forms() -> dict[str, EditForm]:
    """Return one form per step and one for the evidence, to be reused for every row."""
    every: dict[str, type[EditForm]] = {EVIDENCE: EvidenceForm, **FORMS}
    return {slug: form(formdata=None, meta={"csrf": False}) for slug, form in every.items()}


@cache
def template_columns() -> tuple[WorkbookColumn, ...]:
    """Return the columns in template order."""
    forms_by_slug = make_forms()
    fields = {EVIDENCE: EvidenceForm.FIELDS, **{step.slug: step.fields for step in STEPS}}
    return tuple(
        _column(slug, name, forms_by_slug[slug][name])
        for slug, names in fields.items()
        for name in names
        if name not in OMITTED_FIELDS
    )


@cache
def by_field() -> Mapping[str, WorkbookColumn]:
    """Return the columns by field name."""
    return MappingProxyType({column.field: column for column in template_columns()})


def _column(slug: str, name: str, field: Any) -> WorkbookColumn:
    rows = isinstance(field, RowsField)
    return WorkbookColumn(
        field=name,
        form=slug,
        label=LABELS.get(name, field.label.text),
        kind=_kind(field),
        needed=field.needed or field.required,
        limit=field.limit,
        most=field.most if rows else None,
        parts=tuple(
            Part(cell.short_name, cell.label.text, _kind(cell))
            for cell in (workbook_cells(field) if rows else ())
        ),
    )


def workbook_cells(field: RowsField) -> list[PortalField]:
    """Return the parts of a line in their order: the unit last, which earlier templates lacked."""
    return sorted(field.columns, key=lambda cell: cell.short_name == "unit")


def _kind(field: PortalField) -> str:
    return next((kind for cls, kind in _KINDS if isinstance(field, cls)), TEXT)
