"""What the audit log's page calls its own codes, and facts that several features note."""

from lab.feature.contributions import AuditLabels

AUDIT_LABELS = AuditLabels(
    actions={
        "access.denied": "越权访问被拒绝",
        "audit.begin_chain": "启用新的审计链",
        "audit.seal_heads": "封存旧格式的库外留存",
        "audit.verify": "校验审计日志",
        "audit.view": "查看审计日志",
    },
    facts={
        "action": "事项",
        "added": "增加",
        "after": "调整后",
        "before": "调整前",
        "by": "方式",
        "count": "数量",
        "days": "天数",
        "deferred": "恢复后补记",
        "digest": "此前记录指纹",
        "file": "文件",
        "files": "附件数",
        "fingerprint": "指纹",
        "from": "由",
        "hash": "指纹",
        "kind": "类别",
        "method": "请求方式",
        "number": "编号",
        "operator": "服务器操作人",
        "reason_length": "理由字数",
        "removed": "减少",
        "rows": "条数",
        "status": "状态",
        "step": "环节",
        "to": "改为",
        "unit": "单位",
        "version": "版本",
        "year": "年度",
    },
    values={
        "clock": "到时自动",
    },
)
