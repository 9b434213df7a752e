"""The form of a proposal: its six steps, the fields of each, labels and limits. Pure.

Limits count characters of the stored text, punctuation included (office rule: title 50,
background and mode 800 each, plan 1,500; the other texts 800 unless stated).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Step:
    """One page of the form: its part of the address, its title, its fields in reading order."""

    slug: str
    label: str
    fields: tuple[str, ...]


STEPS = (
    Step(
        "basics",
        "基本信息",
        (
            *("title", "unit_id", "joint_unit_id", "partner_id", "project_type"),
            *("scenario_type", "place"),
            *("starts_on", "ends_on", "leader_id", "leader_duty", "leader_phone", "people"),
        ),
    ),
    Step("background", "背景与模式", ("background", "mode", "innovation")),
    Step(
        "plan",
        "实施方案与联动",
        ("plan", "departments", "linkage", "smart_contract", "smart_contract_text"),
    ),
    Step("targets", "里程碑与指标", ("milestones", "targets", "budget", "budget_source")),
    Step("risks", "风险与示范", ("risks", "demonstration", "replicability")),
    Step("files", "附件与提交", ("files", "unit_opinion", "avoided")),
)
BY_SLUG: Mapping[str, Step] = MappingProxyType({step.slug: step for step in STEPS})
STEP_OF: Mapping[str, Step] = MappingProxyType(
    {field: step for step in STEPS for field in step.fields}
)
ROW_FIELDS = ("people", "milestones", "targets", "budget", "avoided")

LABELS: Mapping[str, str] = MappingProxyType(
    {
        "title": "项目名称",
        "unit_id": "申报单位",
        "joint_unit_id": "联合申报单位",
        "partner_id": "联合单位确认人",
        "project_type": "项目类型",
        "scenario_type": "场景类型",
        "place": "实施地点",
        "starts_on": "计划开始日期",
        "ends_on": "计划结束日期",
        "leader_id": "负责人",
        "leader_duty": "负责人职务",
        "leader_phone": "负责人电话",
        "people": "项目组成员",
        "background": "项目背景与必要性",
        "mode": "项目模式",
        "innovation": "创新点",
        "plan": "实施方案",
        "departments": "涉及业务与协同部门",
        "linkage": "与传统业务联动设想",
        "smart_contract": "使用智能合约",
        "smart_contract_text": "智能合约使用说明",
        "milestones": "里程碑",
        "targets": "预期指标",
        "budget": "预算",
        "budget_source": "经费来源",
        "risks": "风险与合规分析",
        "demonstration": "示范性说明",
        "replicability": "可复制性说明",
        "files": "附件",
        "unit_opinion": "申报单位意见",
        "avoided": "拟回避评委",
    }
)
PARTNER_OPINION = "联合单位意见"
PLEDGE = "我承诺：申报内容真实、准确，不侵犯他人权益，愿意承担相应责任。"
LIMITS: Mapping[str, int] = MappingProxyType(
    {
        "title": 50,
        "place": 100,
        "leader_duty": 40,
        "leader_phone": 30,
        "background": 800,
        "mode": 800,
        "innovation": 800,
        "plan": 1500,
        "departments": 800,
        "linkage": 800,
        "smart_contract_text": 300,
        "budget_source": 200,
        "risks": 800,
        "demonstration": 800,
        "replicability": 800,
        "unit_opinion": 500,
    }
)
MOST_TARGETS, MOST_MILESTONES, MOST_BUDGET, MOST_PEOPLE, MOST_AVOIDED = 30, 20, 20, 20, 2
LEAST_MILESTONES, LEAST_TARGETS = 2, 1
MOST_FILES, FILE_BYTES = 10, 10 * 1024 * 1024
MOST_FILES_BYTES = 60 * 1024 * 1024  # of all attachments of a proposal together
MOST_KEPT_BYTES = 150 * 1024 * 1024  # the same with those that were replaced or removed
REPLACED_RETENTION_DAYS = 7  # a replaced file that was never handed in
FILE_KINDS = ("pdf", "docx", "xlsx", "png", "jpg", "jpeg")


def step_index(slug: str) -> int:
    """The place of a step, counted from 0. Raises KeyError for an unknown one."""
    return STEPS.index(BY_SLUG[slug])


def after(slug: str) -> Step | None:
    """The step after this one, None behind the last."""
    place = step_index(slug) + 1
    return STEPS[place] if place < len(STEPS) else None


TOTAL = "合计"  # the one row of a budget that is known as a sum only
