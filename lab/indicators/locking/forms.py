"""The form that opens a closed month again."""

from __future__ import annotations

from lab.web.fields import PasswordField, TextAreaField
from lab.web.forms import Form


class ReopenForm(Form):
    """Why a closed month is opened again, with the own password once more."""

    reason = TextAreaField(label="重新开放的理由", required=True, limit=300, rows=3)
    password = PasswordField("登录密码", required=True, hint="请输入本人登录密码。")
