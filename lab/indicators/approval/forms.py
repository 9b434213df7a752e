"""Forms of approval and correction."""

from __future__ import annotations

from decimal import Decimal

from lab.web.fields import CheckboxField, DecimalField, TextAreaField, TextField
from lab.web.forms import EditForm, Form

LARGEST = Decimal(10) ** 12


class CorrectionForm(EditForm):
    """A figure that replaces an approved one."""

    once = True

    value = DecimalField(label="更正后的数值", places=2, min=0, max=LARGEST)
    unavailable_reason = TextField(
        label="无法提供的原因", limit=200, hint="确实没有数值时填写，不要用0代替。"
    )
    forecast = CheckboxField("为预计数")
    reason = TextAreaField(label="更正原因", required=True, limit=300, rows=3)
    note = TextField(label="说明", limit=300)


class SelectionForm(Form):
    """The reason for returning the selected entries; the selection itself is read separately."""

    reason = TextAreaField(label="退回理由", limit=500, rows=2)
