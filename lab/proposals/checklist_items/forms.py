"""The editor of a call's formality-check list: flat names, one group per row."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from lab.calls.rules.check_items import HINT_LIMIT, LABEL_LIMIT, MAX_ITEMS, Item
from lab.web.fields import (
    CheckboxField,
    HiddenText,
    IntegerField,
    SelectField,
    TextAreaField,
    TextField,
)
from lab.web.fields.row_numbers import in_sent_order
from lab.web.fields.rows import ROW_TO_COPY
from lab.web.forms import EditForm

DEFAULT, NAME = "default", "items"


class CopyForm(EditForm):
    """Takes the call whose list is copied."""

    source = SelectField("来源", required=True, blank="")


def _row_fields(row: int | str) -> dict[str, Any]:
    position_label = f"第{row + 1 if isinstance(row, int) else 0}项"
    fields = {
        "key": HiddenText(f"{position_label}标识", limit=20),
        "label": TextField(f"{position_label}审查内容", limit=LABEL_LIMIT),
        "hint": TextAreaField(f"{position_label}说明", limit=HINT_LIMIT, rows=2),
        "place": IntegerField(f"{position_label}次序", min=1, max=99),
        "remove": CheckboxField(f"删除{position_label}"),
    }
    return {f"{name}_{row}": field for name, field in fields.items()}


class ItemsForm(EditForm):
    """An editor of items, made by `items_form`.

    `filled` are (row of the page, item) in the order typed, once the form is valid; blank and
    removed rows are left out. `codes` are those of the stored list; any other, and one sent twice,
    is treated as a new item's.
    """

    rows: int
    codes: Collection[str] = ()
    filled: Sequence[tuple[int, Item]] = ()

    def validate(self, extra_validators: object = None) -> bool:
        """Read the rows once their controls are right; none may lack what is looked at."""
        if not super().validate(extra_validators):
            return False
        filled = _read_items(self)
        self.filled = filled or ()
        return filled is not None

    def cells(self) -> list[dict[str, Any]]:
        """Return the fields of every row by their short names, for the page."""
        return [row_fields(self, row) for row in range(self.rows)]

    def cells_to_copy(self) -> dict[str, Any]:
        """Return the fields of the row that scripts copy, by their short names."""
        blank = type("CopiedItemForm", (EditForm,), _row_fields(ROW_TO_COPY))(formdata=None)
        return row_fields(blank, ROW_TO_COPY)

    def field_of(self, name: str) -> str:
        """Return the control of the page for one that a rule counts in the filled rows."""
        return f"label_{self.filled[int(name.rpartition('_')[2])][0]}"


def items_form(
    rows: int,
    values: Mapping[str, Any] | None = None,
    *,
    codes: Collection[str] = (),
    **kwargs: Any,
) -> ItemsForm:
    """Build an editor of `rows` items; `values` fill a form that has not been sent."""
    fields: dict[str, Any] = {"rows": rows, "codes": codes}
    for row in range(rows):
        fields |= _row_fields(row)
    form: ItemsForm = type("CallItemsForm", (ItemsForm,), fields)(data=values, **kwargs)
    return form


def rows_sent(posted: Iterable[str]) -> int:
    """Return how many rows a submitted editor has, at most one more than a list may have."""
    row_numbers = [int(m[1]) for name in posted if (m := re.fullmatch(r"label_([0-9]{1,2})", name))]
    return min(max(row_numbers, default=-1) + 1, MAX_ITEMS + 1)


def row_values(items: Sequence[Item]) -> dict[str, Any]:
    """Return the flat values of a stored list."""
    values: dict[str, Any] = {}
    for row, item in enumerate(items):
        values |= {f"key_{row}": item.code, f"label_{row}": item.label}
        values |= {f"hint_{row}": item.hint, f"place_{row}": row + 1}
    return values


def in_page_order(posted: Any) -> Any:
    """Return the post with its rows as they stood on the page, and their places so."""
    ordered = in_sent_order(posted, NAME, MAX_ITEMS + 1)
    if ordered is not posted:
        for row in range(rows_sent(ordered)):
            ordered[f"place_{row}"] = str(row + 1)
    return ordered


def row_fields(form: EditForm, row: int | str) -> dict[str, Any]:
    """Return the fields of one row by short name."""
    return {name.removesuffix(f"_{row}"): form[name] for name in _row_fields(row)}


def _read_items(form: ItemsForm) -> list[tuple[int, Item]] | None:
    """The filled rows; None when one lacks what is looked at, and its field then says so."""
    rows, sound, used = [], True, set[str]()
    for number in range(form.rows):
        row = row_fields(form, number)
        if row["remove"].data or (row["label"].is_blank() and row["hint"].is_blank()):
            continue
        if row["label"].is_blank():
            row["label"].errors, sound = ["请填写审查内容。"], False
            continue
        code = row["key"].data if row["key"].data in set(form.codes) - used else ""
        used.add(code)
        position = row["place"].data or 100
        rows.append((position, number, Item(code, row["label"].data, row["hint"].data)))
    if not sound:
        return None
    return [(number, item) for _, number, item in sorted(rows, key=lambda row: row[:2])]
