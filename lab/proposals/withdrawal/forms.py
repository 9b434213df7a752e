"""Forms of withdrawals."""

from __future__ import annotations

from lab.web.fields import RadioField, TextAreaField
from lab.web.forms import EditForm, ReasonForm

AGREE, REFUSE = "agree", "refuse"


class WithdrawalRequestForm(ReasonForm):
    """Takes the applicants' request."""

    reason = TextAreaField(
        label="撤回理由", required=True, limit=500, rows=4, hint="实施办公室会看到。"
    )


class WithdrawalDecisionForm(EditForm):
    """Takes the office's answer."""

    outcome = RadioField(
        label="答复", required=True, choices=[(AGREE, "同意撤回"), (REFUSE, "不同意撤回")]
    )
    answer = TextAreaField(
        label="答复理由", required=True, limit=500, rows=4, hint="申报人会看到。"
    )


class OfficeWithdrawalForm(EditForm):
    """A withdrawal by the office on the applicants' behalf."""

    once = True

    reason = TextAreaField(
        label="撤回理由", required=True, limit=500, rows=4, hint="申报人会看到。"
    )
