"""What the audit log's page calls the codes of the state of the system."""

from lab.feature.contributions import AuditLabels

AUDIT_LABELS = AuditLabels(
    actions={
        "system.status": "查看系统状态",
    },
)
