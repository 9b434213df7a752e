"""What the audit log's page calls the codes of review."""

from lab.feature.contributions import AuditLabels
from lab.reviews.rules.recommendations import Recommendation
from lab.reviews.rules.recusal import SHORT_REASONS

AUDIT_LABELS = AuditLabels(
    actions={
        "call.open_review": "开启评审",
        "review.abstain": "弃评",
        "review.list": "查看评审任务",
        "review.pledge": "签署评审承诺",
        "review.recuse": "申请回避",
        "review.save": "保存打分表",
        "review.score": "评分",
        "review.submit": "提交评审",
        "review.view": "查看打分表",
        "round.assign": "分配评委",
        "round.close": "结束评审",
        "round.open": "开启评审",
        "round.remind": "催办评审",
        "round.return_sheet": "退回打分表",
        "round.sheets": "查看打分表",
        "round.view": "查看评审进度",
        "round.withdraw_sheets": "撤回离岗评委未完成的评审",
    },
    objects={
        "ScoreSheet": "打分表",
    },
    facts={
        "cancelled": "取消份数",
        "owed": "未交份数",
        "proposals": "申报书数",
        "ranking": "排序",
        "recommendation": "总体意见",
        "reviewer": "评委",
        "rules": "规则指纹",
        "scored": "已打分项数",
        "text": "文本指纹",
    },
    values={item.value: item.label for item in Recommendation},
    values_of={("kind", code): label for code, label in SHORT_REASONS.items()},
)
