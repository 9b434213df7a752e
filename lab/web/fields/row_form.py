"""The form of one row: milestones, figures and people are fields with rows of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import wtforms

from lab.web.messages import ChineseMessages
from lab.web.typed.people import KnownPerson


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

    def texts(self, values: Mapping[str, Any]) -> list[str]:
        """Return stored values of a row as display texts, "" for none."""
        return [cell.display_text(values.get(cell.short_name)) for cell in self.cells()]

    def typed_texts(self) -> list[str]:
        """Return what stands in the row as display texts, invalid values included."""
        return [cell.typed_display_text() for cell in self.cells()]

    def offer(self, people: Sequence[KnownPerson]) -> None:
        """Set whom the texts of the row's person fields can mean."""
        for cell in self.cells():
            if hasattr(cell, "offer"):
                cell.offer(people)


def mark(row: RowForm, column: str, message: str) -> None:
    """Add an error to a cell of a row."""
    cell = next(cell for cell in row.cells() if cell.short_name == column)
    cell.errors = [*cell.errors, message]
