"""Forms of requests that need a second person."""

from __future__ import annotations

from dataclasses import dataclass

from lab.web.fields import PasswordField, TextAreaField
from lab.web.forms import EditForm, Form

REASON_LIMIT = 300


class RequestForm(Form):
    """Takes the reason of the request, which the second person reads."""

    reason = TextAreaField(
        "申请理由", required=True, limit=REASON_LIMIT, rows=3, hint="复核人和本人都能看到。"
    )


class ReleaseForm(EditForm):
    """Takes the releaser's own password as confirmation."""

    once = True

    password = PasswordField("登录密码", required=True, hint="同意后立即办理，请输入本人登录密码。")


class RejectionForm(EditForm):
    """Takes the reason for rejecting the request."""

    answer = TextAreaField("不同意的理由", required=True, limit=REASON_LIMIT, rows=3)


@dataclass(frozen=True)
class DecisionForms:
    """The two forms of the page of a request: agree or reject."""

    agree: ReleaseForm
    reject: RejectionForm


class WithdrawForm(EditForm):
    """Takes nothing but the version that was shown."""
