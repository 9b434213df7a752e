"""The form on which the owner of a new account sets the first password."""

from __future__ import annotations

from lab.identity.passwords.forms import TypedTwiceForm
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
