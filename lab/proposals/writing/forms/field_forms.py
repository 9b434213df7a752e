"""Forms of proposals: one per step, made of the fields that the step has; the pledge."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from wtforms import ValidationError

from lab.files.storing.types import ATTACHMENT_TYPES
from lab.identity.core.queries import unit_of
from lab.proposals.rules.completeness import NEEDED_FIELDS
from lab.proposals.rules.form.description import Field, Kind
from lab.proposals.rules.form.schema import BY_KEY, MAX_FILE_BYTES, STEPS, FormStep
from lab.proposals.rules.members import repeated_members
from lab.proposals.rules.stages import stage_problems
from lab.proposals.writing.forms.row_forms import (
    AvoidRow,
    BudgetRow,
    MilestoneRow,
    PersonRow,
    TargetRow,
)
from lab.web.fields import (
    CheckboxField,
    DateField,
    FileListField,
    PersonField,
    SelectField,
    TextAreaField,
    TextField,
)
from lab.web.fields.base import PortalField
from lab.web.fields.rows import RowsField
from lab.web.forms import EditForm

_PHONE = re.compile(r"[0-9+\-()（） 转]{5,30}")
# What the controls of single fields need besides their description.
_DETAILS: Mapping[str, dict[str, Any]] = {
    "unit_id": {"blank": ""},
    "joint_unit_id": {"blank": "无"},
    "partner_id": {"unit_from": "joint_unit_id"},
    "smart_contract": {"label": "本项目使用智能合约"},
    "people": {"row": PersonRow, "check_rows": repeated_members},
    "milestones": {"row": MilestoneRow},
    "targets": {
        "row": TargetRow,
        "same": ("indicator", "due_on"),
        "check_rows": stage_problems,
        "unit_from": "indicator",
        "unit_at": ("base", "target"),
    },
    "budget": {"row": BudgetRow, "total": "amount_fen"},
    "avoided": {"row": AvoidRow, "same": ("name", "unit")},
}
_SHOWN_ROWS = 3


def _select(field: Field, **shared: Any) -> PortalField:
    if field.choices is None:  # units are offered by `step_forms.fill_choices`
        return SelectField(coerce=int, **shared)
    return SelectField(choices=list(field.choices.items()), **shared)


def _rows(field: Field, **shared: Any) -> PortalField:
    return RowsField(shown=min(_SHOWN_ROWS, field.most), most=field.most, **shared)


def _files(field: Field, **shared: Any) -> PortalField:
    return FileListField(
        max_files=field.most, max_bytes=MAX_FILE_BYTES, types=ATTACHMENT_TYPES, **shared
    )


_CONTROLS: Mapping[Kind, Callable[..., PortalField]] = {
    Kind.LINE: lambda field, **shared: TextField(limit=field.limit, **shared),
    Kind.TEXT: lambda field, **shared: TextAreaField(limit=field.limit, rows=field.lines, **shared),
    Kind.CHOICE: _select,
    Kind.DATE: lambda _field, **shared: DateField(**shared),
    Kind.FLAG: lambda _field, **shared: CheckboxField(**shared),
    Kind.UNIT: _select,
    Kind.PERSON: lambda field, **shared: PersonField(**shared),
    Kind.ROWS: _rows,
    Kind.FILES: _files,
}


def _control(field: Field) -> PortalField:
    """The control that asks for a field, marked where no proposal is submitted without it."""
    shared = {"label": field.label, "hint": field.hint, "needed": field.key in NEEDED_FIELDS}
    return _CONTROLS[field.kind](field, **{**shared, **_DETAILS.get(field.key, {})})


class BasicsChecks(EditForm):
    """Checks of the first step's fields against each other.

    `units_by_person`: the unit of each person (ids), read beforehand where many forms are checked.
    """

    units_by_person: Mapping[int, int | None] | None = None

    def validate_ends_on(self, field: DateField) -> None:
        """Require that the plan does not end before it starts."""
        if field.data and self["starts_on"].data and field.data < self["starts_on"].data:
            raise ValidationError("计划结束日期不能早于开始日期。")

    def validate_joint_unit_id(self, field: SelectField) -> None:
        """Require that the partner is another unit."""
        if field.data is not None and field.data == self["unit_id"].data:
            raise ValidationError("联合申报单位不能与申报单位相同。")

    def validate_partner_id(self, field: PersonField) -> None:
        """Require a person who works in the partner unit and does not lead the project."""
        if field.data is None or self["joint_unit_id"].data is None:
            return
        if field.data == self["leader_id"].data:
            raise ValidationError("确认人不能是负责人，请选联合单位的其他人员。")
        known = self.units_by_person
        unit = unit_of(field.data) if known is None else known.get(field.data)
        if unit != self["joint_unit_id"].data:
            raise ValidationError("确认人应是联合申报单位的人员，请核对单位后重新选择。")

    def validate_leader_phone(self, field: TextField) -> None:
        """Require what looks like a telephone number."""
        if field.data and not _PHONE.fullmatch(field.data):
            raise ValidationError("请填写电话号码，如：010-12345678转12。")


_CHECKS: Mapping[str, type[EditForm]] = {"basics": BasicsChecks}


def _form(step: FormStep) -> type[EditForm]:
    base = _CHECKS.get(step.slug, EditForm)
    return type("StepForm", (base,), {key: _control(BY_KEY[key]) for key in step.fields})


FORMS: Mapping[str, type[EditForm]] = MappingProxyType({step.slug: _form(step) for step in STEPS})


class SubmitForm(EditForm):
    """Sign the pledge and submit."""

    once = True

    pledge = CheckboxField("签署承诺：我已阅读以上承诺，同意签署")
