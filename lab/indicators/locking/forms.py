"""The form that reopens a closed month."""

from __future__ import annotations

from lab.web.fields import PasswordField, TextAreaField
from lab.web.forms import Form


class ReopenForm(Form):
    """Why a closed period is reopened, confirmed by one's own password."""

    reason = TextAreaField(label="重新开放的理由", required=True, limit=300, rows=3)
    password = PasswordField("登录密码", required=True, hint="请输入本人登录密码。")
