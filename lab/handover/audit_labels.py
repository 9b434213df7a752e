"""What the audit log's page calls the codes of handovers."""

from lab.feature.contributions import AuditLabels

AUDIT_LABELS = AuditLabels(
    actions={
        "handover.list": "查看离岗交接",
        "handover.view": "查看离岗交接",
        "handover.carry_out": "办理离岗交接",
    },
    objects={"Handover": "离岗交接"},
    facts={
        "handover": "交接记录",
    },
)
