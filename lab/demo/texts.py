"""Texts of the demonstration's proposals, from the data file or made up of plain sentences."""

from __future__ import annotations

from typing import Any

from lab.proposals.rules.form.schema import TEXT_FIELDS

PLAN = (
    "【演示】第一阶段：确定合作方，签订协议，完成人员培训。\n"
    "第二阶段：完成系统对接、机具布放和联合测试，开展小范围试运行。\n"
    "第三阶段：全面上线，按月统计钱包、商户和交易数据，总结经验并推广。"
)
RISKS = (
    "【演示】不收集客户个人信息，只统计汇总数据；资金由银行账户体系管理；"
    "活动规则事先公示，设专人受理投诉；发现异常交易按反洗钱规定报告。"
)


# Item, amount in 分, where the money comes from.
BUDGET = (
    ("【演示】宣传物料和活动", 8_000_000, "【演示】邮政方营销费用"),
    ("【演示】商户和居民补贴", 12_000_000, "【演示】银行方营销费用"),
)


def proposal_texts(row: dict[str, Any]) -> dict[str, str]:
    """Return the text columns of a proposal; a required field without words here gets some."""
    texts = {
        "title": row["title"],
        "place": row["place"],
        "leader_phone": "010-00000000",
        "background": row["background"],
        "mode": row["mode"],
        "plan": PLAN,
        "innovation": "【演示】把邮政网点的触达能力与银行的账户服务结合起来。",
        "departments": "【演示】邮政渠道、金融部门，银行个人、公司金融部门。",
        "linkage": "【演示】带动对公账户、代发工资和便民寄递业务。",
        "risks": RISKS,
        "demonstration": "【演示】场景可见度高，可供同类单位参观交流。",
        "replicability": "【演示】流程和物料已整理成册，其他区县可按步骤实施。",
        "budget_source": "【演示】双方年度营销费用",
        "unit_opinion": "【演示】同意申报。",
    }
    required = (field for field in TEXT_FIELDS if field.required)
    return {**{field.key: f"【演示】{field.label}按计划落实。" for field in required}, **texts}
