"""The two decisions on requested roles: grant the chosen ones, or refuse them."""

from __future__ import annotations

from lab.web.fields import CheckboxListField, PasswordField, TextAreaField
from lab.web.forms import Form

GRANT, REFUSE = "grant", "refuse"


class DecisionForm(Form):
    """Choose requests; granting takes the own password, refusing a reason."""

    requests = CheckboxListField("角色申请")
    password = PasswordField("登录密码", hint="授予时必填。授予后立即生效。")
    answer = TextAreaField("不同意的理由", limit=300, rows=2, hint="不同意时必填，申请人会看到。")
    decision = ""

    def validate(self, extra_validators: object = None) -> bool:
        """Expect a choice, and what the decision needs."""
        if not super().validate(extra_validators):
            return False
        if not self.requests.data:
            self.requests.errors = ["没有选择申请，请勾选后再办理。"]
        if self.decision == GRANT and not self.password.data:
            self.password.errors = ["请输入本人登录密码。"]
        if self.decision == REFUSE and not self.answer.data:
            self.answer.errors = ["请写明不同意的理由，申请人会看到。"]
        return not self.errors
