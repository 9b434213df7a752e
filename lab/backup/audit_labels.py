"""What the audit log's page calls the codes of backups."""

from lab.feature.contributions import AuditLabels

AUDIT_LABELS = AuditLabels(
    actions={
        "backup.make": "备份数据",
        "backup.restore": "恢复数据",
    },
    objects={
        "Backup": "备份",
    },
    facts={
        "head": "审计末条序号",
        "mails": "存疑邮件数",
        "missing": "缺失文件数",
    },
)
