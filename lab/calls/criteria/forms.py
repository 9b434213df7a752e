"""The editor of criteria: a form built for the number of rows that it shows.

Its controls have flat names (name_0, weight_0 …), so that the conflict page can show every one
of them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from lab.calls.models.call import DIRECTION_LABELS, Criterion
from lab.calls.rules.round_rules import MAX_CRITERIA, CriterionDraft
from lab.calls.rules.rubric import BANDS, SCALE_LABELS, WEIGHT_LABELS
from lab.web.fields import (
    CheckboxField,
    DecimalField,
    HiddenText,
    IntegerField,
    SelectField,
    TextAreaField,
    TextField,
)
from lab.web.fields.row_numbers import in_sent_order
from lab.web.fields.rows import ROW_TO_COPY
from lab.web.forms import EditForm

LEVELS = tuple(f"level{n}" for n in range(len(BANDS)))
BLANK = {"lo": Decimal(0), "hi": Decimal(100), "step": Decimal(1), "required": True}


def _row_fields(row: int | str) -> dict[str, Any]:
    position_label = f"第{row + 1 if isinstance(row, int) else 0}项"
    fields: dict[str, Any] = {
        "key": HiddenText(f"{position_label}标识", limit=20),
        "name": TextField(f"{position_label}名称", limit=30),
        "weight": IntegerField(f"{position_label}权重", min=0, max=100, unit="分"),
        "direction": SelectField(
            f"{position_label}方向",
            choices=list(DIRECTION_LABELS.items()),
            blank="",
            default="benefit",
        ),
        "lo": DecimalField(f"{position_label}最低分", min=0, max=1000),
        "hi": DecimalField(f"{position_label}最高分", min=0, max=1000),
        "step": DecimalField(f"{position_label}最小单位", min=0, max=100),
        "required": CheckboxField(f"{position_label}必须打分"),
        "remove": CheckboxField(f"删除{position_label}"),
    }
    for name, band in zip(LEVELS, BANDS, strict=True):
        fields[name] = TextAreaField(f"{position_label}“{band.label}”的标准", limit=300, rows=2)
    return {f"{name}_{row}": field for name, field in fields.items()}


class CriteriaForm(EditForm):
    """An editor of criteria, made by `criteria_form`.

    `drafts` are the rows that are filled, by number, once the form is valid. `keys` are the keys
    that the call has; any other is treated as a new row's.
    """

    rows: int
    keys: Collection[str] = ()
    drafts: Mapping[int, CriterionDraft]

    def validate(self, extra_validators: object = None) -> bool:
        """Read the rows once their controls are right; one that was begun must be complete."""
        if not super().validate(extra_validators):
            return False
        filled = {n: row for n in range(self.rows) if not is_blank(row := row_fields(self, n))}
        if any([_mark_missing(row) for row in filled.values()]):
            return False
        self.drafts = {n: _draft(row, self.keys) for n, row in filled.items()}
        return True

    def cells(self) -> list[dict[str, Any]]:
        """Return the fields of every row by their short names, for the page."""
        return [row_fields(self, row) for row in range(self.rows)]

    def cells_to_copy(self) -> dict[str, Any]:
        """Return the fields of the row that scripts copy, by their short names."""
        made = type("CopiedCriterionForm", (EditForm,), _row_fields(ROW_TO_COPY))
        return row_fields(made(formdata=None, data=blank_values(ROW_TO_COPY)), ROW_TO_COPY)

    def levels_of(self, row: Mapping[str, Any]) -> list[Any]:
        """Return the fields of a row's five levels, best first."""
        return [row[name] for name in LEVELS]

    def field_of(self, name: str) -> str:
        """Return the control of the page for one that a rule counts in the filled rows."""
        part, _, position = name.rpartition("_")
        return f"{part}_{list(self.drafts)[int(position)]}"


def criteria_form(
    rows: int,
    values: Mapping[str, Any] | None = None,
    *,
    keys: Collection[str] = (),
    **kwargs: Any,
) -> CriteriaForm:
    """Build an editor of `rows` criteria with flat control names: name_0, weight_0 …

    `values` fill a form that has not been sent; `kwargs` go to the form.
    """
    fields: dict[str, Any] = {"rows": rows, "keys": keys}
    for row in range(rows):
        fields |= _row_fields(row)
    form: CriteriaForm = type("CallCriteriaForm", (CriteriaForm,), fields)(data=values, **kwargs)
    return form


def rows_sent(posted: Iterable[str]) -> int:
    """Return how many rows a submitted editor has, at most one more than a call may have."""
    row_numbers = [int(m[1]) for name in posted if (m := re.fullmatch(r"name_([0-9]{1,2})", name))]
    return min(max(row_numbers, default=-1) + 1, MAX_CRITERIA + 1)


def row_values(criteria: Sequence[Criterion], levels: Sequence[Sequence[str]]) -> dict[str, Any]:
    """Return the flat values of stored criteria; `levels` are the five texts of each."""
    values: dict[str, Any] = {}
    for row, (criterion, texts) in enumerate(zip(criteria, levels, strict=True)):
        for name in ("key", "name", "weight", "direction", "lo", "hi", "step", "required"):
            values[f"{name}_{row}"] = getattr(criterion, name)
        values |= {f"{name}_{row}": text for name, text in zip(LEVELS, texts, strict=True)}
    return values


def in_page_order(posted: Any) -> Any:
    """Return the post with its rows as they stood on the page."""
    return in_sent_order(posted, "criteria", MAX_CRITERIA + 1)


def blank_values(row: int | str) -> dict[str, Any]:
    """Return the flat values of an empty row."""
    return {f"{name}_{row}": value for name, value in BLANK.items()}


def row_fields(form: EditForm, row: int | str) -> dict[str, Any]:
    """Return the fields of one row by short name."""
    return {name.removesuffix(f"_{row}"): form[name] for name in _row_fields(row)}


def is_blank(row: Mapping[str, Any]) -> bool:
    """Return whether a row is empty or marked for removal."""
    values_sent = ("name", "weight", *LEVELS)
    return bool(row["remove"].data) or all(row[name].is_blank() for name in values_sent)


def _mark_missing(row: Mapping[str, Any]) -> bool:
    """Mark what is missing in a partly filled row; return whether anything is."""
    needed = {"name": "名称", "weight": "权重", "lo": "最低分", "hi": "最高分", "step": "最小单位"}
    missing = [name for name in needed if row[name].is_blank()]
    for name in missing:
        row[name].errors = [f"请填写{needed[name]}。"]
    return bool(missing)


def _draft(row: Mapping[str, Any], keys: Collection[str]) -> CriterionDraft:
    values = {
        name: row[name].data
        for name in ("name", "weight", "lo", "hi", "step", "direction", "required")
    }
    key = row["key"].data or ""
    levels = tuple(row[name].data or "" for name in LEVELS)
    return CriterionDraft(key=key if key in keys else "", levels=levels, **values)


class PresetForm(EditForm):
    """A preset of weights and scale."""

    weights = SelectField("权重", required=True, choices=list(WEIGHT_LABELS.items()), blank="")
    scale = SelectField("分制", required=True, choices=list(SCALE_LABELS.items()), blank="")
