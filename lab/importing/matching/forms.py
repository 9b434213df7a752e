"""Forms of the two steps: the row of headings, the fields of the columns."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from lab.files.rules.sheet import column_letters
from lab.importing.rules.plan import plan_problems
from lab.importing.targets import ImportTarget, StandIn
from lab.importing.uploads.service_reading import ROWS
from lab.web.fields import IntegerField, RadioField, SelectField
from lab.web.forms import EditForm

_PREFIX, _STAND_IN = "c", "stand_in"


class HeadingForm(EditForm):
    """The row of headings, and the last row of the table."""

    head = RadioField("标题行", coerce=int, required=True)
    last = IntegerField(
        "数据到第几行为止",
        min=2,
        max=20_000,
        hint="选填。表格下面有合计、说明等行时填写，这些行不会读取。",
    )

    def set_rows(self, count: int) -> None:
        """Offer the first rows of the worksheet."""
        self.head.choices = [(n, f"第{n}行作为标题行") for n in range(1, min(count, ROWS) + 1)]

    def validate(self, extra_validators: object = None) -> bool:
        """Expect the last row below the headings."""
        super().validate(extra_validators)
        head, last = self.head.data, self.last.data
        if head is not None and last is not None and last <= head:
            self.last.errors = [f"应在标题行（第{head}行）下面。"]
        return not self.errors


class ColumnsForm(EditForm):
    """The way of taking rows; `columns_form` adds a field for each column."""

    once = True
    target: ImportTarget
    headings: Mapping[int, str]

    mode = RadioField("导入方式", required=True)

    def chosen(self) -> dict[int, str]:
        """Return column -> field, "" for a column that is not imported."""
        return {column: self.of(column).data or "" for column in self.headings}

    def of(self, column: int) -> Any:
        """Return the field of a column."""
        return self[f"{_PREFIX}{column}"]

    def validate(self, extra_validators: object = None) -> bool:
        """Expect that the columns can be taken."""
        if not super().validate(extra_validators):
            return False
        taken = {column: field for column, field in self.chosen().items() if field}
        mode = self.target.mode(self.mode.data)
        given = self._given(mode.code)
        found = plan_problems(taken, self.headings, self.target.fields, mode, given)
        for column, message in found.columns.items():
            self.of(column).errors = [message]
        if found.whole:
            self.mode.errors = [found.whole]
            self._offer_stand_in(mode.code, [*taken.values(), *given])
        return not found.any

    @property
    def stand_in_id(self) -> int | None:
        """What was chosen for rows without a content in the target's field, None for nothing."""
        chosen: int | None = self[_STAND_IN].data if _STAND_IN in self else None
        return chosen

    def _given(self, mode: str) -> tuple[str, ...]:
        stand_in = self.target.stand_in
        applies = stand_in is not None and stand_in.mode == mode and self.stand_in_id is not None
        return (stand_in.field,) if stand_in is not None and applies else ()

    def _offer_stand_in(self, mode: str, taken: Collection[str]) -> None:
        stand_in = self.target.stand_in
        if stand_in is not None and stand_in.mode == mode and stand_in.field not in taken:
            self[_STAND_IN].errors = ["表中没有这一列时，请在这里选定一人。"]


def columns_form(
    target: ImportTarget,
    headings: Mapping[int, str],
    data: Mapping[int, str] | None,
    mode: str,
    stand_in: int | None = None,
) -> ColumnsForm:
    """Return the form for these columns.

    `data` (column -> field), `mode` and `stand_in` are what it shows.
    """
    choices = [(field.key, _field_label(field.label, field.unit)) for field in target.fields]
    fields = {
        column_field(column): SelectField(
            f"{column_letters(column)}列“{text or '无标题'}”", choices=choices, blank="不导入"
        )
        for column, text in headings.items()
    }
    if target.stand_in is not None:
        fields[_STAND_IN] = _stand_in_field(target.stand_in)
    form_class = type("ColumnsOfWorkbook", (ColumnsForm,), fields)
    shown = {column_field(column): field for column, field in (data or {}).items()}
    form: ColumnsForm = form_class(data={**shown, "mode": mode, _STAND_IN: stand_in})
    form.target, form.headings = target, headings
    form.mode.choices = [(each.code, f"{each.label}：{each.hint}") for each in target.modes]
    return form


def _stand_in_field(stand_in: StandIn) -> SelectField:
    return SelectField(
        stand_in.label,
        coerce=int,
        choices=list(stand_in.choices()),
        blank="不指定",
        hint=stand_in.hint,
    )


def column_field(column: int) -> str:
    """Return the name of the form's field for a column."""
    return f"{_PREFIX}{column}"


def _field_label(label: str, unit: str) -> str:
    return f"{label}（{unit}）" if unit else label
