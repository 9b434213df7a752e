"""Forms of people and units."""

from __future__ import annotations

from wtforms import ValidationError

from lab.identity.core.email_field import EMAIL_HINT, MAIL_WANTED, email_address
from lab.identity.passwords.forms import TypedTwiceForm
from lab.identity.rules.sign_in_names import SIGN_IN_NAME_RULE, passes_as_sign_in_name
from lab.web.fields import (
    CheckboxField,
    PasswordField,
    SelectField,
    TextField,
)
from lab.web.forms import EditForm, Form

PASSWORD_HINT = "至少10个字符，含大写字母、小写字母、数字、符号中的三类。首次登录须修改。"


class NamesFields:
    """The fields that every person has."""

    name = TextField("姓名", required=True, limit=40)
    duty = TextField("职务", limit=40)
    phone = TextField("办公电话", limit=30)
    email = TextField("邮箱", limit=120, hint=EMAIL_HINT, validators=[email_address])


class FirstPasswordForm(TypedTwiceForm):
    """A first password, typed twice."""

    different = "两次输入的密码不同。"
    new_password = PasswordField(
        "初始密码", required=True, autocomplete="new-password", hint=PASSWORD_HINT
    )
    repeat_password = PasswordField("确认初始密码", required=True, autocomplete="new-password")


class SignInNameField:
    """The name that an account signs in with."""

    sign_in_name = TextField(
        "登录名",
        required=True,
        limit=40,
        hint="小写字母、数字、点、横线，如：zhangsan",
    )

    def validate_sign_in_name(self, field: TextField) -> None:
        """Require a name as sign-in names are written."""
        if not passes_as_sign_in_name(field.data):
            raise ValidationError(SIGN_IN_NAME_RULE)


class NewPersonForm(SignInNameField, NamesFields, Form):
    """A new business account; its owner sets the password with a slip."""

    unit = SelectField("所在单位", required=True)


class PersonForm(NamesFields, EditForm):
    """A person's details."""

    unit = SelectField("所在单位")
    mail_wanted = CheckboxField(MAIL_WANTED)


class ResetPasswordForm(FirstPasswordForm):
    """A new first password."""
