"""Between a form and a proposal: what may be stored, and what is kept as it was typed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from werkzeug.datastructures import MultiDict

from lab.proposals import layout
from lab.web.field_base import PortalField
from lab.web.forms import EditForm
from lab.web.rows import RowsField


def typed_state(field: PortalField) -> Any:
    """What stands in the controls of a field, in a form that JSON carries."""
    if isinstance(field, RowsField):
        return field.typed_rows()
    return field.typed[0] if field.typed else ""


def restore(form: EditForm, name: str, typed: Any) -> None:
    """Put back into a field what was typed and did not pass the check, errors included."""
    field = form[name]
    if isinstance(field, RowsField):
        posted = {f"{name}-rows": str(len(typed))}
        for place, row in enumerate(typed):
            posted |= {f"{name}-{place}-{column}": text for column, text in row.items()}
        field.process(MultiDict(posted))
    else:
        field.process(MultiDict({name: typed}))
    if hasattr(field, "choices") and field.raw_data is not None:
        field.reread()


def clean_values(form: EditForm) -> dict[str, Any]:
    """Values to store: every field that passed the check, files apart."""
    kept = {}
    for field in form:
        if _stored(field) and not field.errors:
            kept[field.name] = _plain(field.name, field.data)
    return kept


def leftovers(form: EditForm) -> dict[str, Any]:
    """Field -> what was typed, for every field that did not pass the check."""
    return {field.name: typed_state(field) for field in form if _stored(field) and field.errors}


def _stored(field: Any) -> bool:
    return field.short_name in layout.STEP_OF and field.short_name != "files"


def _plain(name: str, value: Any) -> Any:
    if name == "targets":
        return [{**row, "base": row["base"] or Decimal(0)} for row in value]
    return value
