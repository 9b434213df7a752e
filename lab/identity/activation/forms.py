"""The form on which the owner of a new account sets the first password."""

from __future__ import annotations

from wtforms import ValidationError

from lab.identity.passwords.forms import TypedTwiceForm
from lab.identity.rules.slips import is_like_code
from lab.web.fields import PasswordField, TextField


class ActivationForm(TypedTwiceForm):
    """Sign-in name and code of the slip, and a password of one's own."""

    name = TextField("登录名", required=True, limit=40)
    code = TextField(
        "启用码", required=True, limit=40, hint="印在启用单上，共16位，如：KMPW-TGDX-4827-RHSA。"
    )
    new_password = PasswordField(
        "设置密码",
        required=True,
        autocomplete="new-password",
        hint="至少10个字符，含大写字母、小写字母、数字、符号中的三类。",
    )
    repeat_password = PasswordField("确认密码", required=True, autocomplete="new-password")
    different = "两次输入的密码不同。"

    def validate_name(self, field: TextField) -> None:
        """Refuse a code in place of the name, which failed attempts are recorded with."""
        if is_like_code(field.data or ""):
            raise ValidationError("这里填的是启用码。请填写启用单上的登录名，启用码填在下一栏。")
