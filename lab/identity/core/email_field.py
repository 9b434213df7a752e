"""The form field of an e-mail address: hint and validation."""

from __future__ import annotations

from typing import Any

from wtforms import ValidationError

from lab.identity.rules.addresses import passes_as_email

EMAIL_HINT = "如：zhangsan@example.cn。不填则只收站内通知。"
MAIL_WANTED = "接收邮件提醒"


def email_address(_form: Any, field: Any) -> None:
    """Reject anything but a plain mail address; blank means none."""
    if field.data and not passes_as_email(field.data):
        raise ValidationError("邮箱写法不对，应如：zhangsan@example.cn。")
