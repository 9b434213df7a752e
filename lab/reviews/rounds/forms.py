"""Forms of a round: returning a sheet, ending the round."""

from __future__ import annotations

from lab.web.fields import CheckboxField, TextAreaField
from lab.web.forms import Form


class CloseForm(Form):
    """The end of the round."""

    cancel_owed = CheckboxField("取消未提交的评审")


class ReturnForm(Form):
    """The office gives a sheet back."""

    reason = TextAreaField(
        "退回理由",
        required=True,
        limit=500,
        rows=4,
        hint="评委会看到，请写清需要修改的地方。",
    )
