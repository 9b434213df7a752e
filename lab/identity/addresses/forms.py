"""The form of one's own address."""

from __future__ import annotations

from lab.identity.core.email_field import EMAIL_HINT, MAIL_WANTED, email_address
from lab.web.fields import CheckboxField, TextField
from lab.web.forms import EditForm


class MailForm(EditForm):
    """Edits one's own e-mail address, and whether letters are mailed to it."""

    email = TextField("邮箱", limit=120, hint=EMAIL_HINT, validators=[email_address])
    mail_wanted = CheckboxField(MAIL_WANTED, hint="不勾选时，函件只发站内通知。")
