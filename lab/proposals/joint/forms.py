"""The partner unit's two answers, each with its text."""

from __future__ import annotations

from dataclasses import dataclass

from lab.proposals.rules.form.schema import PARTNER_OPINION
from lab.proposals.rules.joint.confirmation import OPINION_LIMIT, REASON_LIMIT
from lab.web.fields import TextAreaField
from lab.web.forms import EditForm, Form


class ConfirmForm(EditForm):
    """确认."""

    opinion = TextAreaField(
        PARTNER_OPINION,
        limit=OPINION_LIMIT,
        required=True,
        rows=4,
        hint="写明是否同意联合申报、本单位承担的工作、意见人和日期。随申报书送评委并打印。",
    )


class SendBackForm(Form):
    """退回修改."""

    reason = TextAreaField(
        "退回理由",
        limit=REASON_LIMIT,
        required=True,
        rows=3,
        hint="写明需要改什么，牵头单位会看到。",
    )


@dataclass(frozen=True)
class AnswerForms:
    """The two answers of the partner unit, side by side on the page."""

    confirm: ConfirmForm
    send_back: SendBackForm
