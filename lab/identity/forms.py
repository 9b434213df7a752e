"""Forms of identity."""

from __future__ import annotations

from lab.web.fields import PasswordField, TextField
from lab.web.forms import Form


class SignInForm(Form):
    """Name and password."""

    name = TextField("登录名", required=True, limit=40)
    password = PasswordField("密码", required=True, limit=128)


class PasswordForm(Form):
    """Change of one's own password."""

    password = PasswordField("原密码", required=True, limit=128)
    new_password = PasswordField("新密码", required=True, limit=128)
    repeat_password = PasswordField("再输一次新密码", required=True, limit=128)
