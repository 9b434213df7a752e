"""The form that issues slips for the chosen accounts."""

from __future__ import annotations

from lab.enrolment.slips.queries import MOST
from lab.web.fields import CheckboxListField
from lab.web.forms import Form


class IssueForm(Form):
    """Choose the accounts."""

    people = CheckboxListField("人员")

    def validate(self, extra_validators: object = None) -> bool:
        """Expect at least one account and at most what fits one print."""
        if not super().validate(extra_validators):
            return False
        if not self.people.data:
            self.people.errors = ["没有选择人员，请勾选后再打印。"]
        elif len(self.people.data) > MOST:
            self.people.errors = [f"一次最多打印{MOST}张。"]
        return not self.people.errors
