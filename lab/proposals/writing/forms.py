"""Forms of proposals: one per step, the check page, the formality check."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from wtforms import ValidationError

from lab.catalogue.projects import PROJECT_TYPES, SCENARIO_TYPES
from lab.identity.core.queries import unit_of
from lab.proposals.rules import form_schema
from lab.proposals.rules.completeness import NEEDED
from lab.proposals.rules.form_schema import LABELS, LIMITS
from lab.proposals.writing.forms_rows import AvoidRow, BudgetRow, MilestoneRow, PersonRow, TargetRow
from lab.web.fields import (
    CheckboxField,
    DateField,
    FileListField,
    SelectField,
    TextAreaField,
    TextField,
)
from lab.web.fields.rows import RowsField
from lab.web.forms import EditForm

_PHONE = re.compile(r"[0-9+\-()（） 转]{5,30}")


def _named(name: str) -> dict[str, Any]:
    """The label of a field, and its mark when a proposal is not submitted without it."""
    return {"label": LABELS[name], "needed": name in NEEDED}


def _line(name: str, hint: str = "") -> TextField:
    return TextField(**_named(name), limit=LIMITS[name], hint=hint)


def _area(name: str, hint: str = "", rows: int = 7) -> TextAreaField:
    return TextAreaField(**_named(name), limit=LIMITS[name], hint=hint, rows=rows)


class BasicsForm(EditForm):
    """Step 1."""

    title = _line("title")
    unit_id = SelectField(
        **_named("unit_id"), coerce=int, blank="", hint="默认为您所在的单位，联合申报时为牵头单位。"
    )
    joint_unit_id = SelectField(
        **_named("joint_unit_id"),
        coerce=int,
        blank="无",
        hint="与另一方单位联合申报时选择，所属方按两个单位自动确定。",
    )
    partner_id = SelectField(
        **_named("partner_id"),
        coerce=int,
        blank="无",
        hint="联合申报时必选：由联合单位的一位人员阅读全文后确认并填写单位意见。",
    )
    project_type = SelectField(**_named("project_type"), choices=list(PROJECT_TYPES.items()))
    scenario_type = SelectField(**_named("scenario_type"), choices=list(SCENARIO_TYPES.items()))
    place = _line("place", hint="具体到区、街道或场所名称。")
    starts_on = DateField(**_named("starts_on"))
    ends_on = DateField(**_named("ends_on"))
    leader_id = SelectField(**_named("leader_id"), coerce=int)
    leader_duty = _line("leader_duty")
    leader_phone = _line("leader_phone", hint="只供实施办公室联系使用，评委看不到。")
    people = RowsField(
        **_named("people"),
        row=PersonRow,
        shown=3,
        most=form_schema.MOST_PEOPLE,
        same="person_id",
        unit_from="person_id",
        hint="负责人不必重复填写。成员可以查看申报书，但不能评审本项目。",
    )

    def validate_ends_on(self, field: DateField) -> None:
        """The plan does not end before it starts."""
        if field.data and self.starts_on.data and field.data < self.starts_on.data:
            raise ValidationError("计划结束日期不能早于开始日期。")

    def validate_joint_unit_id(self, field: SelectField) -> None:
        """The partner is another unit."""
        if field.data is not None and field.data == self.unit_id.data:
            raise ValidationError("联合申报单位不能与申报单位相同。")

    def validate_partner_id(self, field: SelectField) -> None:
        """Works in the partner unit, and does not lead the project."""
        if field.data is None or self.joint_unit_id.data is None:
            return
        if field.data == self.leader_id.data:
            raise ValidationError("确认人不能是负责人，请选联合单位的其他人员。")
        if unit_of(field.data) != self.joint_unit_id.data:
            raise ValidationError("确认人应是联合申报单位的人员，请核对单位后重新选择。")

    def validate_leader_phone(self, field: TextField) -> None:
        """Looks like a telephone number."""
        if field.data and not _PHONE.fullmatch(field.data):
            raise ValidationError("请填写电话号码，如：010-12345678转12。")


class BackgroundForm(EditForm):
    """Step 2."""

    background = _area("background", hint="为什么要做：现状、问题、政策与业务依据。", rows=9)
    mode = _area("mode", hint="怎样做：参与各方、业务流程、各自的收益。", rows=9)
    innovation = _area("innovation", hint="选填。与已有做法相比，新在哪里。", rows=6)


class PlanForm(EditForm):
    """Step 3."""

    plan = _area("plan", hint="分阶段写明任务、分工和方法。", rows=14)
    departments = _area("departments", hint="列出邮政、银行及外部协同单位和各自职责。", rows=6)
    linkage = _area(
        "linkage", hint="如何带动代发工资、对公开户、收单、小企业贷款等传统业务。", rows=6
    )
    smart_contract = CheckboxField("本项目使用智能合约")
    smart_contract_text = TextAreaField(
        **_named("smart_contract_text"), limit=300, rows=3, hint="勾选后提交时必填，请说明用途。"
    )


class TargetsForm(EditForm):
    """Step 4."""

    milestones = RowsField(
        **_named("milestones"),
        row=MilestoneRow,
        shown=3,
        most=form_schema.MOST_MILESTONES,
        hint="至少两项，日期在计划起止之内。立项后作为任务书的里程碑。",
    )
    targets = RowsField(
        **_named("targets"),
        row=TargetRow,
        shown=3,
        most=form_schema.MOST_TARGETS,
        same="indicator",
        unit_from="indicator",
        unit_at=("base", "target"),
        hint="至少一项。起始值不填按0计。立项后作为任务书的考核指标，不能调低。",
    )
    budget = RowsField(
        **_named("budget"),
        row=BudgetRow,
        shown=3,
        most=form_schema.MOST_BUDGET,
        total="amount_fen",
        hint="可以不填。金额以元为单位，最多两位小数，合计自动计算。",
    )
    budget_source = TextAreaField(
        **_named("budget_source"), limit=200, rows=2, hint="总的来源，如：本单位营销费用。"
    )


class RisksForm(EditForm):
    """Step 5."""

    risks = _area(
        "risks", hint="应写明反洗钱、个人信息保护、资金安全、消费者权益保护四个方面。", rows=10
    )
    demonstration = _area("demonstration", hint="在本市或系统内的代表性，展示和宣传安排。")
    replicability = _area("replicability", hint="推广的条件、成本、步骤，意向复制点。")


class FilesForm(EditForm):
    """Step 6."""

    files = FileListField(
        **_named("files"),
        max_files=form_schema.MOST_FILES,
        max_bytes=form_schema.FILE_BYTES,
        allowed=form_schema.FILE_KINDS,
        hint="请勿上传含客户个人信息的文件。合计不超过60 MB。",
    )
    unit_opinion = _area("unit_opinion", hint="写明是否同意申报、意见人和日期。", rows=4)
    avoided = RowsField(
        **_named("avoided"),
        row=AvoidRow,
        shown=form_schema.MOST_AVOIDED,
        most=form_schema.MOST_AVOIDED,
        same="person_id",
        hint="选填，最多两位。评委看不到此项。",
    )


FORMS: Mapping[str, type[EditForm]] = {
    "basics": BasicsForm,
    "background": BackgroundForm,
    "plan": PlanForm,
    "targets": TargetsForm,
    "risks": RisksForm,
    "files": FilesForm,
}


class SubmitForm(EditForm):
    """The pledge, with its own verb."""

    pledge = CheckboxField("签署承诺：我已阅读以上承诺，同意签署")
