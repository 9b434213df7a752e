"""The columns of a list, declared once: its page draws them, its XLSX and CSV files write them.

    PEOPLE = (
        Column("name", "姓名", row_header=True, link="people.show"),
        Column("drafts", "草稿", "number", unit="份"),
        Column("saved_at", "最近保存", "datetime"),
    )

The macro table of templates/components/table.html draws the page's table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Literal

from lab.web import filters

# `number` is written with separators and no needless zeros, `figure` as it is (a score, a place in
# a list, a number already written). `unit` is the name of a unit of the two institutions. `state`
# has a label and a tone. `actions` holds links and buttons and no value.
Kind = Literal["text", "number", "figure", "date", "datetime", "month", "unit", "state", "actions"]

_RIGHT = ("number", "figure")
# How the cells of a kind are set: figures below each other, times and names of units in one line.
_CLASSES: Mapping[Kind, str] = {
    "number": "num",
    "figure": "num",
    "date": "when",
    "datetime": "when",
    "month": "when",
    "unit": "unit-name",
    "actions": "row-actions",
}
_FORMATS: Mapping[Kind, Callable[[Any], Any]] = {
    "number": filters.number,
    "date": filters.cn_date,
    "datetime": filters.cn_datetime,
    "month": filters.cn_month,
    "state": attrgetter("label"),
}


@dataclass(frozen=True)
class Column:
    """A column: its heading, where its value comes from, how a cell looks."""

    key: str
    """Names the value on the row (with dots: on a part of it) and the macro that draws a cell."""
    label: str
    kind: Kind = "text"
    unit: str = ""
    """Follows each value."""
    value: Callable[[Any], Any] | None = None
    """Returns the value from the row where `key` does not name it."""
    missing: str = filters.DASH
    """Stands for None and blank text."""
    row_header: bool = False
    """The cell names its row: the title of the card on narrow screens."""
    cell: str = ""
    """The name of the macro that draws the cell where columns share one."""
    link: str = ""
    """The endpoint that the cell leads to, with the row's `key`."""
    note: str = ""
    """Names what stands below the value on a page, in small print, unless that is blank."""
    sort: str = ""
    """The word for this order in the address; blank: the list cannot be sorted by it."""
    narrow: str = ""
    """The label on narrow screens where it differs."""
    label_hidden: bool = False
    """The heading is there for screen readers only."""
    css: str | Callable[[Any], str] = ""
    """The class of the cells, or of each row's cell."""
    head_css: str = ""
    width: int = 16
    """Of the column of a worksheet, in characters."""
    number_format: str = "#,##0.##"
    """How a worksheet writes numbers."""

    def value_of(self, row: Any) -> Any:
        """Return the value of a row, as read."""
        return self.value(row) if self.value else attrgetter(self.key)(row)

    def text(self, row: Any) -> str:
        """Return the value of a row as it is written on a page."""
        value = None if self.kind == "actions" else self.value_of(row)
        if value is None or value == "":
            return self.missing
        return f"{_FORMATS.get(self.kind, str)(value)}{self.unit}"

    def cell_class(self, row: Any) -> str:
        """Return the classes of a row's cell."""
        own = self.css if isinstance(self.css, str) else self.css(row)
        return f"{self._align} {own}".strip()

    @property
    def macro(self) -> str:
        """Return the name of the macro that draws the cells, where there is one."""
        return self.cell or self.key

    @property
    def head_class(self) -> str:
        """Return the classes of the heading, aligned as the cells are."""
        return f"{self._align if self.kind in _RIGHT else ''} {self.head_css}".strip()

    @property
    def _align(self) -> str:
        return _CLASSES.get(self.kind, "")
