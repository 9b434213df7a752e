"""The form of the formality check."""

from __future__ import annotations

from typing import Any

from lab.proposals import checklist
from lab.web.fields import DateField, RadioField, TextAreaField, TextField
from lab.web.forms import EditForm

NOTE = "_note"
_CHOICES = [(code, label) for code, label in checklist.RESULTS.items() if code]


class CheckForm(EditForm):
    """One radio group and one note for each item of the list, then the outcome.

    The fields of an item are called by its code, and its code with `_note`.
    """

    outcome = RadioField("审查结论", choices=list(checklist.OUTCOMES.items()), required=True)
    reason = TextAreaField("理由", limit=800, rows=5, hint="退回补正和不予受理必填，申报人会看到。")
    due_on = DateField("补正期限", hint="退回补正时使用，至当日24时止。默认为5个工作日后。")

    def marks(self) -> list[tuple[str, str, str]]:
        """(code, result, note) of every item; result "" when nothing was chosen."""
        return [
            (item.code, self[item.code].data or "", self[item.code + NOTE].data)
            for item in checklist.ITEMS
        ]

    def pairs(self) -> list[tuple[Any, Any]]:
        """(radio group, note) of every item, for the page."""
        return [(self[item.code], self[item.code + NOTE]) for item in checklist.ITEMS]


for _item in checklist.ITEMS:
    setattr(CheckForm, _item.code, RadioField(_item.label, choices=_CHOICES))
    setattr(CheckForm, _item.code + NOTE, TextField("说明", limit=200))
