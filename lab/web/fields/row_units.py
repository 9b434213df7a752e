"""Units of the figures in rows: that of the column, or of what is chosen in the row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from lab.web.fields.number import DecimalField, IntegerField, conversion
from lab.web.fields.row_form import RowForm
from lab.web.typed.units import in_unit

_BRACKETS = re.compile(r"（([^（）]*)）$")


@dataclass(frozen=True)
class RowUnits:
    """Where the units of a row's figures come from.

    `chosen_in` names the choice column whose labels end in brackets, as 受理商户数（户）; the
    bracketed unit is that of the columns `columns`. The others have the unit of their field.
    """

    chosen_in: str = ""
    columns: tuple[str, ...] = ()

    def of_row(self, row: RowForm) -> str:
        """Return the unit that the row's choice has, "" without a choice."""
        cell = next(cell for cell in row.cells() if cell.short_name == self.chosen_in)
        return _unit_in(cell.display_text(cell.data))

    def convert(
        self, row: MultiDict[str, Any], prefix: str, columns: Sequence[Any]
    ) -> Iterator[tuple[str, str]]:
        """Write figures that were typed with a unit in that of the row: 1.2万户 is 12,000.

        `row` holds the sent texts, under names that begin with `prefix`. Iterate over the columns
        whose figure was converted to another unit: label, what is told of it.
        """
        labels = self._labels(columns)
        for column in columns:
            key = f"{prefix}{column.short_name}"
            unit = column.unit
            if column.short_name in self.columns:
                unit = _unit_in(labels.get(row.get(f"{prefix}{self.chosen_in}", ""), ""))
            typed = row.get(key, "") if isinstance(column, IntegerField | DecimalField) else ""
            figure = in_unit(typed, unit)
            if figure is not None and figure != typed:
                row[key] = figure
                if told := conversion(typed, figure, unit):
                    yield column.label.text, told

    def _labels(self, columns: Sequence[Any]) -> Mapping[str, str]:
        chosen = (column for column in columns if column.short_name == self.chosen_in)
        return next((dict(column.choices) for column in chosen), {})


def _unit_in(label: str) -> str:
    match = _BRACKETS.search(label)
    return match[1] if match else ""
