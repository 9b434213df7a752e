"""What the audit log's page calls the codes of stored files."""

from lab.feature.contributions import AuditLabels
from lab.files.inspection.active import TABLE

AUDIT_LABELS = AuditLabels(
    actions={
        "file.download": "下载文件",
        "file.examine": "检查已存文件的内容",
        "file.preview": "预览文件",
    },
    objects={
        "Attached": "附件",
    },
    facts={"withheld": "只供预览的文件"},
    values_of={("withheld", code): content.name for code, content in TABLE.items()},
)
