"""A field that holds rows of other fields: milestones, figures, people. Works without scripts.

    class MilestoneRow(RowForm):
        name = TextField("里程碑", limit=60, required=True)
        due_on = DateField("完成日期", required=True)

    milestones = RowsField("里程碑", row=MilestoneRow, shown=3, most=20)

`data` is a list of {column: value} without blank rows. Controls are named `milestones-0-name`; the
hidden `milestones-rows` holds the number of rows on the page. The buttons 加一行 and 删除 send the
whole form with `add=milestones` or `drop=milestones-2`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import wtforms
from flask import current_app
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from lab.web.fields.base import PortalField
from lab.web.messages import ChineseMessages
from lab.web.validators import TextError

_COUNT = re.compile(r"[0-9]{1,4}")
_BRACKETS = re.compile(r"（([^（）]*)）$")


class RowForm(wtforms.Form):
    """Base of the rows: a form without CSRF, part of a larger one."""

    class Meta(wtforms.Form.Meta):  # type: ignore[misc]
        def get_translations(self, form: Any) -> ChineseMessages:
            return ChineseMessages()

    def blank(self) -> bool:
        """Return whether every column is blank."""
        return all(cell.is_blank() for cell in self.cells())

    def cells(self) -> list[Any]:
        """Return the row's fields, left to right; all are portal fields."""
        return list(self)


class RowsField(PortalField):
    """Rows of a `RowForm`. At least `shown` rows are rendered, at most `most` are read.

    `same` names a column whose values must be unique. `unit_from` names a choice column whose
    labels end in brackets, as 受理商户数（户）: the bracketed unit is shown after the cells of the
    columns `unit_at`, or without those in a column 单位 of its own. `total` names a money column
    (分) whose sum is shown below.
    """

    kind = "group"

    def __init__(
        self,
        label: str = "",
        *args: Any,
        row: type[RowForm],
        shown: int = 3,
        most: int = 20,
        same: str = "",
        unit_from: str = "",
        unit_at: tuple[str, ...] = (),
        total: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(label, *args, **kwargs)
        self.row, self.shown_rows, self.most, self.same = row, shown, most, same
        self.unit_from, self.unit_at, self.total = unit_from, unit_at, total
        self.rows: list[RowForm] = []
        self.columns = row().cells()

    # -- reading -------------------------------------------------------------------------------

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Fill the rows from the post, else from `data` (an iterable of mappings)."""
        self.process_errors, self.raw_data = [], None
        stored = [] if isinstance(data, type(wtforms.utils.unset_value)) else list(data or [])
        if formdata is not None and f"{self.name}-rows" in formdata:
            self.raw_data = []
            self.rows = [self._row(i, formdata) for i in range(self._sent(formdata))]
        else:
            self.rows = [self._row(i, None, values) for i, values in enumerate(stored)]
        self.data = self.values()
        self.ensure_rows(self.shown_rows)

    def _sent(self, formdata: Any) -> int:
        text = formdata.get(f"{self.name}-rows", "")
        return min(int(text), self.most) if _COUNT.fullmatch(text) else 0

    def _row(self, index: int, formdata: Any, values: Mapping[str, Any] | None = None) -> RowForm:
        return self.row(formdata, prefix=f"{self.name}-{index}-", data=values)

    def values(self) -> list[dict[str, Any]]:
        """Return the rows that are not blank, as mappings."""
        return [dict(row.data) for row in self.rows if not row.blank()]

    def ensure_rows(self, count: int) -> None:
        """Render at least `count` rows, up to `most`."""
        while len(self.rows) < min(count, self.most):
            self.rows.append(self._row(len(self.rows), None))

    def set_choices(self, column: str, choices: Iterable[tuple[Any, str]]) -> None:
        """Set the choices of a column in every row and parse the selection again."""
        offered = list(choices)
        for cell in self._column(column):
            cell.choices = offered
            if cell.raw_data is not None:
                cell.reread()
        self.data = self.values()

    def _column(self, name: str) -> list[Any]:
        """Return the heading of a column and its cells."""
        every = [*self.columns, *(cell for row in self.rows for cell in row.cells())]
        return [cell for cell in every if cell.short_name == name]

    # -- checking ------------------------------------------------------------------------------

    def validate(self, form: Any, extra_validators: Any = ()) -> bool:
        """Check every row that is not blank; one message per problem, with its row number."""
        self.errors: list[str] = [str(error) for error in self.process_errors]
        seen: dict[Any, int] = {}
        for number, row in enumerate(self.rows, start=1):
            if row.blank():
                continue
            if not row.validate():
                self.errors += [
                    f"第{number}行“{field.label.text}”：{error}"
                    for field in row.cells()
                    for error in field.errors
                ]
            self._check_same(number, row, seen)
        self.data = self.values()
        for check in (*self.validators, *extra_validators):
            self._run(check, form)
        return not self.errors

    def _check_same(self, number: int, row: RowForm, seen: dict[Any, int]) -> None:
        if not self.same:
            return
        cell = next(cell for cell in row.cells() if cell.short_name == self.same)
        if (value := cell.data) is None:
            return
        if value in seen:
            message = f"与第{seen[value]}行相同，请删去一行。"
            cell.errors = [*cell.errors, message]
            self.errors.append(f"第{number}行{message}")
        seen.setdefault(value, number)

    def _run(self, check: Callable[[Any, Any], None], form: Any) -> None:
        try:
            check(form, self)
        except (TextError, wtforms.ValidationError) as error:
            self.errors.append(str(error))

    # -- writing -------------------------------------------------------------------------------

    def raw_rows(self) -> list[dict[str, str]]:
        """Return the raw input of the rows that are not blank."""
        return [
            {cell.short_name: cell.typed[0] if cell.typed else "" for cell in row.cells()}
            for row in self.rows
            if not row.blank()
        ]

    def display_text(self, value: Any) -> str:
        """Return the rows as lines of text, for the conflict page."""
        return "\n".join(
            "，".join(
                text
                for column in self.columns
                if (text := column.display_text(row.get(column.short_name)))
            )
            for row in value or []
        )

    def typed_display_text(self) -> str:
        """Return the page's rows as lines of text, including half-filled ones."""
        return "\n".join(
            "，".join(text for cell in row.cells() if (text := cell.typed_display_text()))
            for row in self.rows
            if not row.blank()
        )

    def unit_of(self, row: RowForm) -> str:
        """Return the unit in the brackets of the row's choice, "" without a choice."""
        cell = next(cell for cell in row.cells() if cell.short_name == self.unit_from)
        match = _BRACKETS.search(cell.display_text(cell.data))
        return match[1] if match else ""

    def sum(self) -> str:
        """Return the sum of the money column, in 元 as it would be typed."""
        column = next(column for column in self.columns if column.short_name == self.total)
        amounts = (row[self.total] for row in self.values())
        return str(column.format(sum(amount for amount in amounts if amount is not None)))

    def control(self, **extra: Any) -> Markup:
        """Return the table of controls with its buttons."""
        template = current_app.jinja_env.get_template("components/rows.html")
        return Markup(template.render(field=self))


def without_row(posted: Any, drop: str) -> Any:
    """Return the post with the row named by the button 删除 (`targets-2`) emptied."""
    remaining = MultiDict(posted)
    for name in list(remaining):
        if drop and name.startswith(f"{drop}-"):
            remaining.setlist(name, [])
    return remaining
