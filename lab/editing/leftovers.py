"""What was typed and did not pass the check: kept as typed beside what could be stored."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from werkzeug.datastructures import MultiDict

from lab.editing.models import InvalidInput
from lab.web.fields.rows import RowsField


def typed_state(field: Any) -> Any:
    """What stands in the controls of a field, in a form that JSON carries."""
    if isinstance(field, RowsField):
        return field.raw_rows()
    return field.typed[0] if field.typed else ""


def failed_values(form: Any, names: Collection[str]) -> dict[str, Any]:
    """Field -> what was typed, for each of these fields that did not pass the check."""
    return {name: typed_state(form[name]) for name in names if form[name].errors}


def restore_field(form: Any, name: str, typed: Any) -> None:
    """Put back into a field what was typed and did not pass the check, errors included."""
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
    """Put what a row keeps so back into the form's fields, with what is wrong with it."""
    for name, typed in stored.items():
        if name in form:
            restore_field(form, name, typed)
            form[name].validate(form)


def merge_invalid_input(
    stored: InvalidInput, saved_names: Collection[str], fresh: InvalidInput
) -> InvalidInput:
    """What to keep after a save: `fresh` in place of all that the save covered."""
    return {**{name: typed for name, typed in stored.items() if name not in saved_names}, **fresh}
