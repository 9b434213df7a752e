"""The rows inside the forms of proposals."""

from __future__ import annotations

from wtforms import ValidationError

from lab.catalogue.indicators import ENTERED, INDICATORS
from lab.web.fields import DateField, DecimalField, SelectField, TextField, YuanField
from lab.web.fields.rows import RowForm

INDICATOR_CHOICES = [
    (code, f"{INDICATORS[code].name}（{INDICATORS[code].unit}）") for code in ENTERED
]


class PersonRow(RowForm):
    """A team member and their duty."""

    person_id = SelectField("成员", coerce=int, required=True)
    duty = TextField("分工", limit=60)


class MilestoneRow(RowForm):
    """A milestone."""

    name = TextField("里程碑", limit=60, required=True)
    due_on = DateField("完成日期", required=True)


class TargetRow(RowForm):
    """An expected figure; base blank means 0."""

    indicator = SelectField("指标", choices=INDICATOR_CHOICES, required=True)
    base = DecimalField("起始值", min=0)
    target = DecimalField("目标值", min=0, required=True)
    due_on = DateField("完成期限", required=True)

    def validate_target(self, field: DecimalField) -> None:
        """Require whole numbers for whole indicators, and no falling cumulative ones."""
        spec = INDICATORS.get(self.indicator.data or "")
        if spec is None or field.data is None:
            return
        for part in (self.base, field):
            if spec.decimals == 0 and part.data is not None and part.data % 1:
                raise ValidationError(f"“{spec.name}”按整{spec.unit}填写，不带小数。")
        if spec.kind == "C" and field.data < (self.base.data or 0):
            raise ValidationError("累计指标的目标值不能小于起始值。")


class BudgetRow(RowForm):
    """A budget item: amount and source of the money."""

    item = TextField("科目", limit=40, required=True)
    amount_fen = YuanField("金额", required=True)
    note = TextField("资金来源或说明", limit=100)


class AvoidRow(RowForm):
    """A reviewer to avoid, with the reason."""

    person_id = SelectField("评委", coerce=int, required=True)
    reason = TextField("理由", limit=100, required=True)
