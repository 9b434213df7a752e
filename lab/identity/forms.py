"""Forms of identity."""

from __future__ import annotations

from lab.identity.forms_people import EMAIL_HINT, MAIL_WANTED, email_address
from lab.web.fields import CheckboxField, PasswordField, TextField
from lab.web.forms import EditForm, Form


class SignInForm(Form):
    """Name and password. `resume`: whose expired sign-in it carries on, None for nobody's."""

    resume: int | None = None
    name = TextField("登录名", required=True, limit=40)
    password = PasswordField("密码", required=True, limit=128)


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


class MailForm(EditForm):
    """One's own e-mail address, and whether letters come there too."""

    email = TextField("邮箱", limit=120, hint=EMAIL_HINT, validators=[email_address])
    mail_wanted = CheckboxField(MAIL_WANTED, hint="不勾选时，函件只发站内通知。")
