"""Chinese labels of decision codes on the page of the audit log."""

from lab.decisions.rules.office_marks import Mark
from lab.feature.contributions import AuditLabels

AUDIT_LABELS = AuditLabels(
    actions={
        "decision.approve": "批准立项意见",
        "decision.edit": "修改立项意见",
        "decision.list": "查看立项意见列表",
        "decision.publish": "公布立项结果",
        "decision.send_back": "退回立项意见",
        "decision.start": "起草立项意见",
        "decision.submit": "报送立项意见",
        "decision.view": "查看立项意见",
        "proposal.result": "查看申报结果",
        "ranking.view": "查看排序",
    },
    objects={
        "Decision": "立项意见",
    },
    facts={
        "note_length": "意见字数",
        **{mark.value: mark.label for mark in Mark},
    },
)
