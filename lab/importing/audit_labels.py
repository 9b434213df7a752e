"""What the audit log's page calls the codes of matching columns."""

from lab.feature.contributions import AuditLabels

AUDIT_LABELS = AuditLabels(
    actions={
        "upload.create": "上传自己的表格",
        "upload.heading": "选择标题行",
        "upload.map": "对应表格的列",
        "upload.read": "读取自己的表格",
        "upload.view": "查看自己的表格",
    },
    objects={"ImportUpload": "待导入的表格"},
    facts={
        "heading_row": "标题行",
        "sheets": "工作表数",
        "import_target": "导入到",
    },
)
