"""A field that holds rows of other fields: milestones, figures, people. Works without scripts.

    class MilestoneRow(RowForm):
        name = TextField("里程碑", limit=60, required=True)
        due_on = DateField("完成日期", required=True)

    milestones = RowsField("里程碑", row=MilestoneRow, shown=3, most=20)

`data` is a list of {column: value} without blank rows. Controls are named `milestones-0-name`; the
hidden `milestones-rows` holds the number of rows on the page. The buttons 加一行 and 删除 send the
whole form with `add=milestones` or `drop=milestones-2`.

With scripts (static/js/rows) rows are added, removed, moved and pasted in the page. Their controls
keep the numbers they were made with; `milestones-order` then lists those numbers from top to
bottom, and the field numbers the rows afresh.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import wtforms
from flask import current_app
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from lab.web.fields.base import PortalField
from lab.web.fields.row_checks import (
    NumberedRows,
    RowCheck,
    check_between,
    check_same,
    rows_of_errors,
    spans,
)
from lab.web.fields.row_form import RowForm
from lab.web.fields.row_numbers import numbers_in_order
from lab.web.fields.row_units import RowUnits
from lab.web.typed.people import KnownPerson
from lab.web.typed.text import TextError

ROW_TO_COPY = "__row__"  # stands for the number in the row that scripts copy


class RowsField(PortalField):
    """Rows of a `RowForm`. At least `shown` rows are rendered, at most `most` may be filled.

    What was sent beyond `most` is kept and shown with an error; what exceeds several times as many
    rows comes from no page and is not read.

    `same` names the columns that together tell rows apart. `check_rows` takes the complete rows as
    (number from 1, values) and yields what is wrong between them, as `RowCheck` says.
    `unit_from` names a choice column whose labels end in brackets, as 受理商户数（户）: the
    bracketed unit is shown after the cells of the columns `unit_at`. `total` names a money column
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
        same: tuple[str, ...] = (),
        check_rows: RowCheck | None = None,
        unit_from: str = "",
        unit_at: tuple[str, ...] = (),
        total: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(label, *args, **kwargs)
        self.row, self.shown_rows, self.most = row, shown, most
        self.same, self.check_rows = same, check_rows
        self.unit_from, self.unit_at, self.total = unit_from, unit_at, total
        self.units = RowUnits(unit_from, unit_at)
        self.rows: list[RowForm] = []
        self.marked = 0  # cells with an error
        self._own_errors: list[str] = []
        self.columns_row = row()
        self.columns = self.columns_row.cells()
        self.row_to_copy = row()
        self.offered: dict[str, list[tuple[Any, str]]] = {}
        self.people: list[KnownPerson] = []

    # -- reading -------------------------------------------------------------------------------

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Fill the rows from the post, else from `data` (an iterable of mappings)."""
        self.process_errors, self.raw_data, self.conversions = [], None, []
        stored = [] if isinstance(data, type(wtforms.utils.unset_value)) else list(data or [])
        if formdata is not None and f"{self.name}-rows" in formdata:
            self.raw_data = []
            self.rows = [
                self._row(i, self._renumbered(formdata, sent, i))
                for i, sent in enumerate(numbers_in_order(formdata, self.name, 4 * self.most))
            ]
        else:
            self.rows = [self._row(i, None, values) for i, values in enumerate(stored)]
        self.row_to_copy = self._row(ROW_TO_COPY, None)
        self._offer()
        self.data = self.values()
        self.ensure_rows(self.shown_rows)

    def _renumbered(self, formdata: Any, sent: int, index: int) -> Any:
        """Return the controls of one row under the number that it has from now on."""
        names = [cell.short_name for cell in self.columns]
        row = MultiDict(
            (f"{self.name}-{index}-{name}", value)
            for name in names
            for value in formdata.getlist(f"{self.name}-{sent}-{name}")
        )
        prefix = f"{self.name}-{index}-"
        for label, told in self.units.convert(row, prefix, self.columns):
            self.conversions.append(f"第{index + 1}行“{label}”：{told}")
        return row

    def _row(
        self, index: int | str, formdata: Any, values: Mapping[str, Any] | None = None
    ) -> RowForm:
        return self.row(formdata, prefix=f"{self.name}-{index}-", data=values)

    def values(self) -> list[dict[str, Any]]:
        """Return the rows that are not blank, as mappings."""
        return [dict(row.data) for row in self.rows if not row.blank()]

    def ensure_rows(self, count: int) -> None:
        """Render at least `count` rows, up to `most`."""
        before = len(self.rows)
        while len(self.rows) < min(count, self.most):
            self.rows.append(self._row(len(self.rows), None))
        if len(self.rows) > before:
            self._offer()

    def add_rows(self, count: int) -> None:
        """Render at least `count` rows, up to `most`, the caret in a new last one."""
        before = len(self.rows)
        self.ensure_rows(count)
        if len(self.rows) > before:
            self.rows[-1].cells()[0].autofocus()

    def drop_row(self, number: str) -> None:
        """Empty the row with this number from 0."""
        if number.isdecimal() and int(number) < len(self.rows):
            self.rows[int(number)] = self._row(int(number), None)
            self._offer()
            self.data = self.values()

    def set_choices(self, column: str, choices: Iterable[tuple[Any, str]]) -> None:
        """Set the choices of a column in every row and parse the selection again."""
        self.offered[column] = list(choices)
        self._offer()
        self.data = self.values()

    def offer(self, people: Iterable[KnownPerson]) -> None:
        """Set whom the texts of the person fields can mean and read them again."""
        self.people = list(people)
        self._offer()
        self.data = self.values()

    def person_cells(self) -> list[Any]:
        """Return the cells in which a person is typed."""
        return [cell for row in self.rows for cell in row.cells() if hasattr(cell, "offer")]

    def _offer(self) -> None:
        """Give the cells of a choice column what they offer, again after new rows were read."""
        for row in (self.columns_row, self.row_to_copy, *self.rows):
            row.offer(self.people)
        for column, offered in self.offered.items():
            for cell in self._column(column):
                cell.choices = offered
                if cell.raw_data is not None:
                    cell.reread()

    def _column(self, name: str) -> list[Any]:
        """Return the heading of a column and its cells."""
        rows = (self.row_to_copy, *self.rows)
        every = [*self.columns, *(cell for row in rows for cell in row.cells())]
        return [cell for cell in every if cell.short_name == name]

    # -- checking ------------------------------------------------------------------------------

    def validate(self, form: Any, extra_validators: Any = ()) -> bool:
        """Check every row that is not blank; one message for the rows that have a problem."""
        filled = [(n, row) for n, row in enumerate(self.rows, start=1) if not row.blank()]
        complete = [(number, row) for number, row in filled if row.validate()]
        check_same(complete, self.same)
        if self.check_rows:
            check_between(complete, self.check_rows)
        self.errors: list[str] = [str(error) for error in self.process_errors]
        self.data = self.values()
        if (over := len(self.data) - self.most) > 0:
            self.errors.append(f"最多{self.most}行，现有{len(self.data)}行，请删去{over}行。")
        for check in (*self.validators, *extra_validators):
            self._run(check, form)
        self._own_errors = [*self.errors]
        self.errors = [*self._cell_errors(filled), *self.errors]
        return not self.errors

    def _cell_errors(self, filled: NumberedRows) -> list[str]:
        """Return one line for each message at a column, with the rows where it stands."""
        rows = rows_of_errors(filled)
        self.marked = sum(map(len, rows.values()))
        return [
            f"第{spans(numbers)}行“{label}”：{error}" for (label, error), numbers in rows.items()
        ]

    def block_errors(self) -> list[str]:
        """Return what stands below the table: not again what stands at its cells."""
        marked = [f"标红的格没有通过检查，共{self.marked}处。"] if self.marked else []
        return [*marked, *self._own_errors] if self.errors else []

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
            "，".join(filter(None, self.columns_row.texts(row))) for row in value or []
        )

    def typed_display_text(self) -> str:
        """Return the page's rows as lines of text, including half-filled ones."""
        filled = (row for row in self.rows if not row.blank())
        return "\n".join("，".join(filter(None, row.typed_texts())) for row in filled)

    def unit_of(self, row: RowForm) -> str:
        """Return the unit in the brackets of the row's choice, "" without a choice."""
        return self.units.of_row(row)

    def sum(self) -> str:
        """Return the sum of the money column, in 元 as it would be typed."""
        column = next(column for column in self.columns if column.short_name == self.total)
        amounts = (row[self.total] for row in self.values())
        return str(column.format(sum(amount for amount in amounts if amount is not None)))

    def control(self, **extra: Any) -> Markup:
        """Return the table of controls with its buttons."""
        template = current_app.jinja_env.get_template("components/rows.html")
        return Markup(template.render(field=self))


def changed_rows(form: Any, posted: Any) -> bool:
    """Do what the buttons 加一行 and 删除 of a page without scripts ask; return whether one did.

    The view then shows the page again with all that was typed, and saves nothing.
    """
    added, dropped = posted.get("add", ""), posted.get("drop", "").rpartition("-")
    if added in form and isinstance(form[added], RowsField):
        form[added].add_rows(len(form[added].rows) + 1)
        return True
    if dropped[0] in form and isinstance(form[dropped[0]], RowsField):
        form[dropped[0]].drop_row(dropped[2])
        return True
    return False
