"""What the audit log's page calls the codes of reports and proposals' documents."""

from lab.feature.contributions import AuditLabels

AUDIT_LABELS = AuditLabels(
    actions={
        "paper.download": "下载申报书或回执文件",
        "paper.fail": "申报书或回执文件生成失败",
        "paper.make": "生成申报书或回执文件",
        "paper.render": "申报书或回执文件制作完成",
        "paper.view": "查看回执与打印",
        "proposal.export": "导出申报内容",
        "report.create": "生成报告",
        "report.download": "下载报告",
        "report.fail": "报告生成失败",
        "report.list": "查看报告列表",
        "report.render": "报告制作完成",
        "report.retry": "重新生成报告",
        "report.verify": "核验报告",
        "report.view": "查看报告",
    },
    objects={
        "Paper": "申报文件",
        "Report": "报告",
        "Sheet": "申报文件",
    },
    values={"receipt": "提交回执", "proposal": "申报书"},
    values_of={("kind", "review"): "评审稿"},
)
