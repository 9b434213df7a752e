"""The rows inside the forms of proposals."""

from __future__ import annotations

from typing import Any

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
from lab.web.fields.row_form import RowForm
from lab.web.typed.people import split_person

INDICATOR_CHOICES = [
    (code, f"{INDICATORS[code].name}（{INDICATORS[code].unit}）") for code in ENTERED
]
_PEOPLE, _MILESTONES, _TARGETS = (ROW_LABELS[key] for key in ("people", "milestones", "targets"))
_NAME, _UNIT = 40, 60  # characters of a person's and of a unit's name
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
    """Whom to avoid, by name and unit as typed, with the reason.

    Nothing is looked up: the page must not say whether the person is a reviewer, or known at all.
    """

    name = TextField(_AVOIDED["name"], limit=_NAME + _UNIT + 2, required=True)
    unit = TextField(_AVOIDED["unit"], limit=_UNIT)
    reason = TextField(_AVOIDED["reason"], limit=100, required=True)

    def process(self, *args: Any, **kwargs: Any) -> None:
        """Read the row; 赵六（东城支行） in the field of the name says the unit as well."""
        super().process(*args, **kwargs)
        name, unit = split_person(self.name.data or "")
        if unit and self.unit.data in ("", unit):
            self.name.data, self.unit.data = name, unit

    def validate_name(self, field: TextField) -> None:
        """Require a name that is no longer than anybody's."""
        if len(field.data or "") > _NAME:
            raise ValidationError(f"姓名超过{_NAME}个字，请只填写姓名。")

    def validate_unit(self, field: TextField) -> None:
        """Require the unit, which tells people of one name apart."""
        if not field.data:
            raise ValidationError("请填写单位。")
