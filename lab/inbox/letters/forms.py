"""Forms of letters."""

from __future__ import annotations

from lab.inbox.rules.letter_wording import BODY_LIMIT, SUBJECT_LIMIT
from lab.web.fields import TextAreaField, TextField
from lab.web.forms import EditForm


class LetterForm(EditForm):
    """Edits the text of an unsent letter."""

    subject = TextField("标题", required=True, limit=SUBJECT_LIMIT)
    body = TextAreaField(
        "正文",
        required=True,
        limit=BODY_LIMIT,
        rows=18,
        hint="空一行另起一段。落款用实施办公室名义，不写审查人和评委姓名。“【补正期限】”“【发函日期】”在发送时填入。",
    )


class SendForm(EditForm):
    """Send the letter as it was shown; no fields."""


class VoidForm(EditForm):
    """Takes the reason for voiding a letter."""

    reason = TextAreaField("作废理由", required=True, limit=200, rows=3)
