"""What the audit log's page calls the codes of scenarios and merchants."""

from lab.feature.contributions import AuditLabels
from lab.scenarios.rules.funnel import ENDS, STEPS

AUDIT_LABELS = AuditLabels(
    actions={
        "merchant.add": "新增商户",
        "merchant.compare": "查看跨项目商户",
        "merchant.edit": "修改商户",
        "merchant.link": "登记为同一商户",
        "merchant.resume": "恢复商户进件",
        "merchant.step": "更新商户进件环节",
        "merchant.stop": "终止商户进件",
        "scenario.add": "新增场景",
        "scenario.edit": "修改场景",
        "scenario.view": "查看场景",
    },
    objects={
        "Merchant": "商户",
        "Scenario": "场景",
    },
    facts={
        "on": "日期",
        "outlets": "门店数",
        "paused_on": "暂停日期",
        "project": "项目",
        "same_as": "主责登记",
        "scenario": "场景",
    },
    values_of={("step", stage.key): stage.label for stage in (*STEPS, *ENDS)},
    moments=("on", "paused_on"),
)
