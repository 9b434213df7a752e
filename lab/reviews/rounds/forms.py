"""Forms of a round: return a sheet, close the round."""

from __future__ import annotations

from lab.web.fields import CheckboxField, TextAreaField
from lab.web.forms import Form


class CloseForm(Form):
    """Close the round."""

    cancel_owed = CheckboxField("取消未提交的评审")


class ReturnForm(Form):
    """Return a sheet to its reviewer."""

    reason = TextAreaField(
        "退回理由",
        required=True,
        limit=500,
        rows=4,
        hint="评委会看到，请写清需要修改的地方。",
    )
