"""Forms of passwords."""

from __future__ import annotations

from lab.web.fields import PasswordField, TextField
from lab.web.forms import Form


class PasswordForm(Form):
    """Change of one's own password."""

    password = PasswordField("原密码", required=True, limit=128)
    new_password = PasswordField("新密码", required=True, limit=128)
    repeat_password = PasswordField("确认新密码", required=True, limit=128)


class ForgottenForm(Form):
    """Who forgot the password."""

    typed = TextField("登录名或邮箱", required=True, limit=120)


class NewPasswordForm(Form):
    """A new password, chosen by a link."""

    new_password = PasswordField("新密码", required=True, autocomplete="new-password")
    repeat_password = PasswordField("确认新密码", required=True, autocomplete="new-password")
