"""The rows inside the forms of proposals."""

from __future__ import annotations

from wtforms import ValidationError

from lab.catalogue.indicators import ENTERED, INDICATORS
from lab.proposals.rules.form.schema import ROW_LABELS
from lab.web.fields import (
    DateField,
    DecimalField,
    NamedPersonField,
    PersonRowForm,
    SelectField,
    TextField,
    YuanField,
)
from lab.web.fields.rows import RowForm

INDICATOR_CHOICES = [
    (code, f"{INDICATORS[code].name}（{INDICATORS[code].unit}）") for code in ENTERED
]
_PEOPLE, _MILESTONES, _TARGETS = (ROW_LABELS[key] for key in ("people", "milestones", "targets"))
_BUDGET, _AVOIDED = ROW_LABELS["budget"], ROW_LABELS["avoided"]


class PersonRow(PersonRowForm):
    """A team member, found by typing or named with the unit, and their duty."""

    person_id = NamedPersonField(_PEOPLE["person_id"], required=True)
    unit = TextField(_PEOPLE["unit"], limit=60, render_kw={"data_person_unit": "1"})
    duty = TextField(_PEOPLE["duty"], limit=60)


class MilestoneRow(RowForm):
    """A milestone."""

    name = TextField(_MILESTONES["name"], limit=60, required=True)
    due_on = DateField(_MILESTONES["due_on"], required=True)


class TargetRow(RowForm):
    """An expected figure; base blank means 0."""

    indicator = SelectField(_TARGETS["indicator"], choices=INDICATOR_CHOICES, required=True)
    base = DecimalField(_TARGETS["base"], min=0)
    target = DecimalField(_TARGETS["target"], min=0, required=True)
    due_on = DateField(_TARGETS["due_on"], required=True)

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

    item = TextField(_BUDGET["item"], limit=40, required=True)
    amount_fen = YuanField(_BUDGET["amount_fen"], required=True)
    note = TextField(_BUDGET["note"], limit=100)


class AvoidRow(RowForm):
    """A reviewer to avoid, with the reason."""

    person_id = SelectField(_AVOIDED["person_id"], coerce=int, required=True)
    reason = TextField(_AVOIDED["reason"], limit=100, required=True)
