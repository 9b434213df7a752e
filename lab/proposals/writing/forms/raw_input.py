"""Between form and proposal: what can be stored, and what is kept as raw input."""

from __future__ import annotations

from typing import Any

from lab.editing.invalid_input import failed_values
from lab.proposals.rules.form.schema import STORED_FIELDS
from lab.proposals.rules.members import stored_members
from lab.proposals.rules.stages import with_bases
from lab.web.forms import EditForm


def clean_values(form: EditForm) -> dict[str, Any]:
    """Return the values to store: every valid field, except files."""
    values = {}
    for field in form:
        if _is_storable(field) and not field.errors:
            values[field.name] = _plain_value(field.name, field.data)
    return values


def invalid_input(form: EditForm) -> dict[str, Any]:
    """Return field -> raw input for every invalid field."""
    return failed_values(form, [field.name for field in form if _is_storable(field)])


def _is_storable(field: Any) -> bool:
    return field.short_name in STORED_FIELDS


def _plain_value(name: str, value: Any) -> Any:
    if name == "targets":
        return with_bases(value)
    return stored_members(value) if name == "people" else value
