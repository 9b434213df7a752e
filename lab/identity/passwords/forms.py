"""Forms of passwords."""

from __future__ import annotations

from lab.web.fields import PasswordField, TextField
from lab.web.forms import Form


class TypedTwiceForm(Form):
    """Base of forms with `new_password` and `repeat_password`, which must be the same."""

    new_password: PasswordField
    repeat_password: PasswordField
    different = "两次输入的新密码不同。"

    def validate(self, extra_validators: object = None) -> bool:
        """Compare the two once everything else is right."""
        if not super().validate(extra_validators):
            return False
        if self.new_password.data != self.repeat_password.data:
            self.repeat_password.errors = [self.different]
            return False
        return True


class PasswordForm(TypedTwiceForm):
    """Change of one's own password."""

    password = PasswordField("原密码", required=True, limit=128)
    new_password = PasswordField("新密码", required=True, limit=128)
    repeat_password = PasswordField("确认新密码", required=True, limit=128)


class ForgottenForm(Form):
    """Sign-in name or address of whoever forgot the password."""

    typed = TextField("登录名或邮箱", required=True, limit=120)


class NewPasswordForm(TypedTwiceForm):
    """A new password, set through a link."""

    new_password = PasswordField("新密码", required=True, autocomplete="new-password")
    repeat_password = PasswordField("确认新密码", required=True, autocomplete="new-password")
