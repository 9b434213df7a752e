"""What the audit log's page calls the codes of indicators."""

from lab.feature.contributions import AuditLabels

AUDIT_LABELS = AuditLabels(
    actions={
        "indicator.approve": "核定指标数据",
        "indicator.confirm": "组长确认指标数据",
        "indicator.confirm_text": "确认月报",
        "indicator.correct": "更正指标数据",
        "indicator.enter": "填报指标数据",
        "indicator.enter_published": "录入公开报道的指标数据",
        "indicator.lock": "锁定月份",
        "indicator.reopen": "重新开放月份",
        "indicator.return": "退回指标数据",
        "indicator.save": "保存指标数据",
        "indicator.submit": "提交指标数据",
        "indicator.text": "保存月度情况",
        "indicator.text_confirm": "确认月报",
        "indicator.text_return": "退回月报",
        "indicator.text_save": "保存月报",
        "indicator.text_submit": "提交月报",
        "indicator.view": "查看指标数据",
    },
    objects={
        "Entry": "指标数据",
        "ProgressReport": "月度填报",
    },
    facts={
        "entries": "条数",
        "indicator": "指标",
        "indicators": "指标",
        "period": "期别",
        "periods": "期别",
    },
)
