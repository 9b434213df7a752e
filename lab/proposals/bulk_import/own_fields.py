"""The fields of a proposal as columns of any workbook, and what people call them."""

from __future__ import annotations

from lab.importing.rules.fields import PERIOD, TargetField
from lab.proposals.bulk_import.workbook.columns import template_columns
from lab.proposals.rules.bulk_import.own_columns import BUDGET, BUDGET_TOTAL, TOTAL_LABEL

# Other headings that stand above these columns in tables of offices.
SYNONYMS = {
    "owner_id": ("申报人", "申请人", "填表人", "联系人", "经办人"),
    "received_on": ("收到日期", "来件日期", "收文日期"),
    "pledge": ("承诺书", "诚信承诺书"),
    "title": ("项目名", "课题名称", "项目", "申报项目"),
    "unit_id": ("单位", "单位名称", "申请单位", "牵头单位", "所在单位"),
    "joint_unit_id": ("合作单位", "联合单位", "参与单位"),
    "partner_id": ("确认人", "联合单位联系人", "合作单位联系人"),
    "project_type": ("类型", "项目类别", "类别"),
    "scenario_type": ("场景", "场景类别"),
    "place": ("地点", "实施地区", "项目地点"),
    "starts_on": ("开始日期", "开始时间", "起始日期", "起始时间", "启动时间"),
    "ends_on": (
        *("结束日期", "结束时间", "完成时间", "完成日期"),
        *("截止日期", "截止时间", "终止日期", "终止时间"),
    ),
    "leader_id": ("项目负责人", "负责人姓名"),
    "leader_duty": ("职务", "负责人职务职称"),
    "leader_phone": ("电话", "联系电话", "手机", "联系方式", "手机号码"),
    "people": ("成员", "项目成员", "组员", "参加人员"),
    "background": ("项目背景", "背景", "必要性"),
    "mode": ("模式", "商业模式"),
    "innovation": ("创新", "创新性"),
    "plan": ("方案", "实施计划", "主要内容"),
    "departments": ("协同部门", "涉及部门"),
    "linkage": ("业务联动", "与传统业务联动"),
    "milestones": ("进度安排", "时间节点"),
    "targets": ("指标", "目标", "预期目标"),
    "budget": ("预算明细", "经费明细"),
    "budget_source": ("经费来源", "资金来源"),
    "risks": ("风险", "风险分析"),
    "demonstration": ("示范性",),
    "replicability": ("可复制性", "推广性"),
    "unit_opinion": ("单位意见", "推荐意见"),
}
_TOTAL = TargetField(
    BUDGET_TOTAL,
    TOTAL_LABEL,
    ("预算", "项目预算", "经费", "预算金额", "总预算"),
    unit="元",
    into=(BUDGET,),
)
_DURATION = TargetField(
    "duration",
    "实施起止（两个日期）",
    (
        *("起止日期", "起止时间", "项目起止时间", "实施起止时间", "起讫时间", "起止"),
        *(
            "实施期限",
            "实施周期",
            "实施期",
            "项目周期",
            "项目期限",
            "建设周期",
            "执行期",
            "实施时间",
        ),
    ),
    into=("starts_on", "ends_on"),
    kind=PERIOD,
)
# Field of the form -> the column that may hold its content in another form.
_OTHER_FORMS = {BUDGET: _TOTAL, "ends_on": _DURATION}


def own_fields() -> tuple[TargetField, ...]:
    """Return the fields in the order of the template, some followed by another form of theirs.

    The budget may be its sum alone, and one cell may hold both days.
    """
    fields: list[TargetField] = []
    for column in template_columns():
        fields.append(TargetField(column.field, column.label, SYNONYMS.get(column.field, ())))
        if column.field in _OTHER_FORMS:
            fields.append(_OTHER_FORMS[column.field])
    return tuple(fields)


def field_labels() -> dict[str, str]:
    """Return field -> label."""
    return {field.key: field.label for field in own_fields()}
