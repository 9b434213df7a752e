"""What the audit log's page calls the codes of saving while typing."""

from lab.feature.contributions import AuditLabels

AUDIT_LABELS = AuditLabels(
    actions={
        "editing.draft": "保存填写中的草稿",
        "editing.presence": "打开填写页面",
    },
)
