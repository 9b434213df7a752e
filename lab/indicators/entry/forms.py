"""Forms of indicators."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from flask import request

from lab.editing import invalid_input
from lab.indicators.approval.forms import LARGEST
from lab.indicators.entry.queries import Grid, GridRow
from lab.indicators.entry.service import CELL_PARTS, Cell
from lab.indicators.rules.validation import FORECAST_CODES
from lab.web.fields import CheckboxField, DecimalField, TextAreaField, TextField
from lab.web.forms import EditForm

BOTH = "数值和无法提供的原因只填一项。"


class NarrativeForm(EditForm):
    """Edits the narrative of a month."""

    done = TextAreaField(label="本期完成", limit=1500, rows=6)
    problems = TextAreaField(label="存在问题", limit=800, rows=4)
    asks = TextAreaField(
        label="需协调事项", limit=800, rows=4, hint="写明找谁、要什么、什么时候要。"
    )
    next_plan = TextAreaField(label="下期计划", limit=800, rows=4)


class NarrativeReviewForm(EditForm):
    """Takes the leader's decision on the narrative."""

    reason = TextAreaField(label="退回理由", limit=300, rows=2, hint="退回时填写。")


class GridForm(EditForm):
    """Edits the cells of a month; `grid_form` makes it."""

    codes: Collection[str] = ()

    def validate(self, extra_validators: object = None) -> bool:
        """Check every cell; none has both a figure and a reason why there is none."""
        valid = super().validate(extra_validators)
        for code in self.codes:
            if self[f"value-{code}"].data is not None and self[f"reason-{code}"].data:
                self[f"reason-{code}"].errors = [BOTH]
                valid = False
        return bool(valid)


def grid_form(grid: Grid) -> Any:
    """Build a form with one cell per editable row, filled from the grid."""
    fields: dict[str, Any] = {"codes": [row.spec.code for row in grid.rows if row.editable]}
    data: dict[str, Any] = {"version": grid.version}
    for row in grid.rows:
        if row.editable:
            fields.update(_fields(row))
            code = row.spec.code
            data[f"value-{code}"], data[f"note-{code}"] = row.value, row.note
            data[f"reason-{code}"], data[f"forecast-{code}"] = (
                row.unavailable_reason,
                row.forecast,
            )
    form = type("MonthForm", (GridForm,), fields)(data=data)
    if request.method == "GET":
        invalid_input.show_invalid_input(form, grid.invalid_input)
    return form


def _fields(row: GridRow) -> dict[str, Any]:
    code, name = row.spec.code, row.spec.name
    fields = {
        f"value-{code}": DecimalField(
            f"{name}本期值", places=row.spec.decimals, min=0, max=LARGEST, unit=row.spec.unit
        ),
        f"reason-{code}": TextField(f"{name}无法提供的原因", limit=200),
        f"note-{code}": TextField(f"{name}说明", limit=300),
        f"ok-{code}": CheckboxField(f"已核对{name}，数据无误"),
    }
    if code in FORECAST_CODES:
        fields[f"forecast-{code}"] = CheckboxField(f"{name}为预计数")
    return fields


def read_cells(form: Any, grid: Grid) -> list[Cell]:
    """Return the entered cells, without unreadable ones, which keep what is stored."""
    cells = []
    for row in grid.rows:
        code = row.spec.code
        if not row.editable or _is_unreadable(form, code):
            continue
        forecast = code in FORECAST_CODES and form[f"forecast-{code}"].data
        cells.append(
            Cell(
                code,
                value=form[f"value-{code}"].data,
                forecast=bool(forecast),
                unavailable_reason=form[f"reason-{code}"].data or "",
                note=form[f"note-{code}"].data or "",
            )
        )
    return cells


def _is_unreadable(form: Any, code: str) -> bool:
    return any(form[f"{part}-{code}"].errors for part in CELL_PARTS)


def unparsed_cells(form: Any, grid: Grid) -> dict[str, Any]:
    """Return field -> raw input for every cell that `read_cells` skips."""
    return {
        name: invalid_input.typed_state(form[name])
        for row in grid.rows
        if row.editable and _is_unreadable(form, row.spec.code)
        for name in (f"{part}-{row.spec.code}" for part in CELL_PARTS)
    }


def confirmed_codes(form: Any, grid: Grid) -> frozenset[str]:
    """Return the indicators whose odd figures were confirmed by a tick."""
    return frozenset(
        row.spec.code for row in grid.rows if row.editable and form[f"ok-{row.spec.code}"].data
    )
