"""What the audit log's page calls the codes of calls."""

from lab.calls.rules.lifecycle import CALL
from lab.feature.contributions import AuditLabels

AUDIT_LABELS = AuditLabels(
    actions={
        "call.add_files": "上传征集附件",
        "call.announce": "公布批次结果",
        "call.archive": "归档批次",
        "call.close": "截止征集",
        "call.compare": "对照批次",
        "call.create": "新建批次",
        "call.criteria": "修改评审指标",
        "call.edit": "修改批次",
        "call.extend": "批次延期",
        "call.late_code": "生成补报码",
        "call.list": "查看批次列表",
        "call.open": "开始征集",
        "call.publish": "发布批次",
        "call.remove_file": "移除征集附件",
        "call.revisions": "查看通知修改记录",
        "call.revoke_code": "作废补报码",
        "call.view": "查看批次",
    },
    objects={
        "Call": "征集批次",
    },
    facts={
        "batch": "批次",
        "code": "补报码",
        "like": "参照批次",
        "places": "拟立项数",
        "preset": "预设权重",
        "put_off": "延后截止",
        "reopened": "重新开放申报",
        "revision": "通知版次",
        "until": "延至",
    },
    values=CALL.labels("draft", "published", "open", "closed"),
    moments=("until",),
)
