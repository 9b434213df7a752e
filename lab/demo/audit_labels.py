"""What the audit log's page calls the codes of invented and public data."""

from lab.feature.contributions import AuditLabels

AUDIT_LABELS = AuditLabels(
    actions={
        "data.load_demo": "载入演示数据",
        "data.load_facts": "载入公开报道数据",
    },
    facts={
        "projects": "项目数",
    },
)
