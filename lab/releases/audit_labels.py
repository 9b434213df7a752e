"""Chinese labels of release codes on the page of the audit log."""

from lab.feature.contributions import AuditLabels

AUDIT_LABELS = AuditLabels(
    actions={
        "release.ask": "申请复核",
        "release.decide": "办理复核",
        "release.expire": "复核申请过期",
        "release.list": "查看复核事项列表",
        "release.refuse": "复核不同意",
        "release.view": "查看复核事项",
        "release.withdraw": "撤回复核申请",
    },
    objects={
        "Release": "复核事项",
    },
    facts={
        "asked_by": "申请人",
        "release": "复核编号",
    },
)
