"""What the audit log's page calls the codes of the start page."""

from lab.feature.contributions import AuditLabels

AUDIT_LABELS = AuditLabels(
    actions={
        "home.view": "查看首页",
    },
)
