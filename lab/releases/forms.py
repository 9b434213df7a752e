"""Forms around requests that wait for a second person."""

from __future__ import annotations

from dataclasses import dataclass

from lab.web.fields import PasswordField, TextAreaField
from lab.web.forms import EditForm, Form

REASON_LIMIT = 300


class RequestForm(Form):
    """Why the act is asked for; the second person reads it."""

    reason = TextAreaField(
        "申请理由", required=True, limit=REASON_LIMIT, rows=3, hint="复核人和本人都能看到。"
    )


class ReleaseForm(EditForm):
    """The releaser's own password, asked for again."""

    password = PasswordField("登录密码", required=True, hint="同意后立即办理，请输入本人登录密码。")


class RejectionForm(EditForm):
    """Why the act is not agreed to."""

    answer = TextAreaField("不同意的理由", required=True, limit=REASON_LIMIT, rows=3)


@dataclass(frozen=True)
class DecisionForms:
    """The two answers that the page of a request offers side by side."""

    agree: ReleaseForm
    refuse: RejectionForm


class WithdrawForm(EditForm):
    """One button: take the request back as it was shown."""
