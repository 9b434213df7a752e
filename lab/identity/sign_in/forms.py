"""Forms of identity."""

from __future__ import annotations

from lab.web.fields import PasswordField, TextField
from lab.web.forms import Form


class SignInForm(Form):
    """Name and password.

    `resume`: the person whose expired sign-in it continues, None for nobody.
    """

    resume: int | None = None
    name = TextField("登录名", required=True, limit=40)
    password = PasswordField("密码", required=True, limit=128)
