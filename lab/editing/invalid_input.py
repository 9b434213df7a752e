"""Invalid input: kept as typed beside what could be stored."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from werkzeug.datastructures import MultiDict

from lab.editing.models import InvalidInput
from lab.web.fields.rows import RowsField


def typed_state(field: Any) -> Any:
    """Return what the controls of a field contain, as JSON types."""
    if isinstance(field, RowsField):
        return field.raw_rows()
    return field.typed[0] if field.typed else ""


def failed_values(form: Any, names: Collection[str]) -> dict[str, Any]:
    """Return field -> raw input, for each of these fields that failed validation."""
    return {name: typed_state(form[name]) for name in names if form[name].errors}


def restore_field(form: Any, name: str, typed: Any) -> None:
    """Put invalid input back into a field, including its errors."""
    field = form[name]
    if isinstance(field, RowsField):
        posted = {f"{name}-rows": str(len(typed))}
        for index, row in enumerate(typed):
            posted |= {f"{name}-{index}-{column}": text for column, text in row.items()}
        field.process(MultiDict(posted))
    else:
        field.process(MultiDict({name: typed}))
    if hasattr(field, "choices") and field.raw_data is not None:
        field.reread()


def show_invalid_input(form: Any, stored: InvalidInput) -> None:
    """Put a row's stored invalid input back into the form, with the errors."""
    for name, typed in stored.items():
        if name in form:
            restore_field(form, name, typed)
            form[name].validate(form)


def merge_invalid_input(
    stored: InvalidInput, saved_names: Collection[str], fresh: InvalidInput
) -> InvalidInput:
    """Return what to keep after a save: `fresh` in place of all that the save covered."""
    return {**{name: typed for name, typed in stored.items() if name not in saved_names}, **fresh}
