"""Forms of the office's overview."""

from __future__ import annotations

from collections.abc import Sequence

from lab import clock
from lab.proposals.rules.overview import NOT_BEGUN, UnitRow
from lab.web.fields import CheckboxListField
from lab.web.forms import Form


class RemindForm(Form):
    """Takes the units to remind."""

    units = CheckboxListField(label="催办单位", required=True)


def remind_form(rows: Sequence[UnitRow], **kwargs: object) -> RemindForm:
    """Return the form for the units of these rows; `kwargs` go to the form."""
    form = RemindForm(**kwargs)
    form.units.choices = [(row.key, _row_text(row)) for row in rows]
    return form


def _row_text(row: UnitRow) -> str:
    state = "还没有申报" if row.reminder_kind == NOT_BEGUN else f"草稿{row.drafts}份未提交"
    text = f"{row.side} · {row.name}：{state}，申报人{row.people}人"
    if row.reminded is None:
        return text
    return f"{text}（今日{clock.beijing(row.reminded.at):%H:%M}{row.reminded.by}已催办）"
