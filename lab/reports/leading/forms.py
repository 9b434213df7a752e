"""Forms of reports."""

from __future__ import annotations

from lab.reports.content.leading import MAX_DECISIONS, DecisionRequest
from lab.reports.content.wording import ALL_BATCHES
from lab.web.fields import DateField, SelectField, TextField
from lab.web.forms import Form


class ReportForm(Form):
    """Batch, cut-off date and up to three decisions for the leading group."""

    call = SelectField(
        "征集批次", blank=ALL_BATCHES, hint="报告只写所选批次；全部批次时各批次分列。"
    )
    cutoff = DateField("数据截止日期", required=True, hint="截至当日的情况，按生成时已登记的记录。")
    title_1 = TextField("第1项：事项", limit=60)
    reason_1 = TextField("第1项：理由", limit=120)
    due_1 = DateField("第1项：希望何时决定")
    title_2 = TextField("第2项：事项", limit=60)
    reason_2 = TextField("第2项：理由", limit=120)
    due_2 = DateField("第2项：希望何时决定")
    title_3 = TextField("第3项：事项", limit=60)
    reason_3 = TextField("第3项：理由", limit=120)
    due_3 = DateField("第3项：希望何时决定")

    def validate(self, extra_validators: object = None) -> bool:
        """Report a reason or a date without its matter."""
        valid = super().validate(extra_validators)
        for at in range(1, MAX_DECISIONS + 1):
            matter = self[f"title_{at}"].data
            if not matter and (self[f"reason_{at}"].data or self[f"due_{at}"].data):
                self[f"title_{at}"].errors = [f"请填写第{at}项的事项，或清空这一项。"]
                valid = False
        return bool(valid)

    def call_id(self) -> int | None:
        """Return the selected batch, None for all of them."""
        return int(self.call.data) if self.call.data else None

    def decisions(self) -> tuple[DecisionRequest, ...]:
        """Return the filled rows, in order."""
        return tuple(
            DecisionRequest(
                title=self[f"title_{at}"].data,
                reason=self[f"reason_{at}"].data,
                due=self[f"due_{at}"].data,
                is_demo=self[f"title_{at}"].data.startswith("【演示】"),
            )
            for at in range(1, MAX_DECISIONS + 1)
            if self[f"title_{at}"].data
        )
