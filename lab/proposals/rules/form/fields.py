"""The fields of a proposal, each described once, in the order of the form. Pure.

Columns, forms, the check of completeness, corrections, the content and what is frozen of it,
comparison, search, import, export, printouts and the demonstration run over this description.
A line or text is added by an entry here and a migration that adds its column.
"""

from __future__ import annotations

from lab.catalogue.projects import PROJECT_TYPES, SCENARIO_TYPES
from lab.proposals.rules.form.description import Audience, Field, Kind, Print, Search

# Office rule: title 50, background and mode 800 each, plan 1,500; other texts 800 unless stated.
FIELDS = (
    Field(
        *("title", "项目名称", "basics", Kind.LINE),
        required=True,
        limit=50,
        search=Search.TITLE,
        printed=Print.BY_HAND,
        frozen_blank=True,
    ),
    Field(
        *("unit_id", "申报单位", "basics", Kind.UNIT),
        required=True,
        hint="默认为您所在的单位，联合申报时为牵头单位。",
    ),
    Field(
        *("joint_unit_id", "联合申报单位", "basics", Kind.UNIT),
        hint="与另一方单位联合申报时选择，所属方按两个单位自动确定。",
    ),
    Field(
        *("partner_id", "联合单位确认人", "basics", Kind.PERSON),
        hint="联合申报时必选：由联合单位的一位人员阅读全文后确认并填写单位意见。",
        # For a joint proposal that came by mail the paper with both seals is the confirmation.
        importable=False,
    ),
    Field(
        *("project_type", "项目类型", "basics", Kind.CHOICE), required=True, choices=PROJECT_TYPES
    ),
    Field(
        *("scenario_type", "场景类型", "basics", Kind.CHOICE), required=True, choices=SCENARIO_TYPES
    ),
    Field(
        *("place", "实施地点", "basics", Kind.LINE),
        required=True,
        limit=100,
        hint="具体到区、街道或场所名称。",
        search=Search.BODY,
        printed=Print.BY_HAND,
        frozen_blank=True,
    ),
    Field(*("starts_on", "计划开始日期", "basics", Kind.DATE), required=True),
    Field(*("ends_on", "计划结束日期", "basics", Kind.DATE), required=True),
    Field(*("leader_id", "负责人", "basics", Kind.PERSON), required=True),
    Field(
        *("leader_duty", "负责人职务", "basics", Kind.LINE),
        limit=40,
        printed=Print.BY_HAND,
        part_of="leader_id",
    ),
    Field(
        *("leader_phone", "负责人电话", "basics", Kind.LINE),
        limit=30,
        hint="只供实施办公室联系使用，评委看不到。",
        audience=Audience.OFFICE,
        frozen_blank=True,
    ),
    Field(
        *("people", "项目组成员", "basics", Kind.ROWS),
        hint="负责人不必重复填写。成员可以查看申报书，但不能评审本项目。",
        columns=("person_id", "duty"),
        most=20,
    ),
    Field(
        *("background", "项目背景与必要性", "background", Kind.TEXT),
        required=True,
        limit=800,
        hint="为什么要做：现状、问题、政策与业务依据。",
        lines=9,
        search=Search.ABSTRACT,
        frozen_blank=True,
    ),
    Field(
        *("mode", "项目模式", "background", Kind.TEXT),
        required=True,
        limit=800,
        hint="怎样做：参与各方、业务流程、各自的收益。",
        lines=9,
        search=Search.ABSTRACT,
        frozen_blank=True,
    ),
    Field(
        *("innovation", "创新点", "background", Kind.TEXT),
        limit=800,
        hint="选填。与已有做法相比，新在哪里。",
        lines=6,
        search=Search.BODY,
        frozen_blank=True,
    ),
    Field(
        *("plan", "实施方案", "plan", Kind.TEXT),
        required=True,
        limit=1500,
        hint="分阶段写明任务、分工和方法。",
        lines=14,
        search=Search.BODY,
        frozen_blank=True,
    ),
    Field(
        *("departments", "涉及业务与协同部门", "plan", Kind.TEXT),
        required=True,
        limit=800,
        hint="列出邮政、银行及外部协同单位和各自职责。",
        lines=6,
        search=Search.BODY,
        frozen_blank=True,
    ),
    Field(
        *("linkage", "与传统业务联动设想", "plan", Kind.TEXT),
        required=True,
        limit=800,
        hint="如何带动代发工资、对公开户、收单、小企业贷款等传统业务。",
        lines=6,
        search=Search.BODY,
        frozen_blank=True,
    ),
    Field(*("smart_contract", "使用智能合约", "plan", Kind.FLAG)),
    Field(
        *("smart_contract_text", "智能合约使用说明", "plan", Kind.TEXT),
        limit=300,
        hint="勾选后提交时必填，请说明用途。",
        lines=3,
        search=Search.BODY,
        printed=Print.BY_HAND,
        frozen_blank=True,
    ),
    Field(
        *("milestones", "里程碑", "targets", Kind.ROWS),
        hint="至少两项，日期在计划起止之内。立项后作为任务书的里程碑。",
        columns=("name", "due_on"),
        least=2,
        most=20,
    ),
    Field(
        *("targets", "预期指标", "targets", Kind.ROWS),
        hint="至少一项。起始值不填按0计。立项后作为任务书的考核指标，不能调低。",
        columns=("indicator", "base", "target", "due_on"),
        least=1,
        most=30,
    ),
    Field(
        *("budget", "预算", "targets", Kind.ROWS),
        hint="可以不填。金额以元为单位，最多两位小数，合计自动计算。",
        columns=("item", "amount_fen", "note"),
        most=20,
    ),
    Field(
        *("budget_source", "经费来源", "targets", Kind.TEXT),
        limit=200,
        hint="总的来源，如：本单位营销费用。",
        lines=2,
        search=Search.BODY,
        printed=Print.BY_HAND,
        frozen_blank=True,
    ),
    Field(
        *("risks", "风险与合规分析", "risks", Kind.TEXT),
        required=True,
        limit=800,
        hint="应写明反洗钱、个人信息保护、资金安全、消费者权益保护四个方面。",
        lines=10,
        search=Search.BODY,
        frozen_blank=True,
    ),
    Field(
        *("demonstration", "示范性说明", "risks", Kind.TEXT),
        required=True,
        limit=800,
        hint="在本市或系统内的代表性，展示和宣传安排。",
        search=Search.BODY,
        frozen_blank=True,
    ),
    Field(
        *("replicability", "可复制性说明", "risks", Kind.TEXT),
        required=True,
        limit=800,
        hint="推广的条件、成本、步骤，意向复制点。",
        search=Search.BODY,
        frozen_blank=True,
    ),
    Field(
        *("files", "附件", "files", Kind.FILES),
        hint="请勿上传含客户个人信息的文件。合计不超过60 MB。",
        most=10,
        importable=False,
    ),
    Field(
        *("unit_opinion", "申报单位意见", "files", Kind.TEXT),
        required=True,
        limit=500,
        hint="写明是否同意申报、意见人和日期。",
        lines=4,
        search=Search.BODY,
        printed=Print.BY_HAND,
        frozen_blank=True,
    ),
    Field(
        *("avoided", "拟回避评委", "files", Kind.ROWS),
        hint="选填，最多两位。评委看不到此项。",
        columns=("person_id", "reason"),
        most=2,
        audience=Audience.OFFICE,
    ),
)
