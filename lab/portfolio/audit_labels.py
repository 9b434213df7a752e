"""What the audit log's page calls the codes of projects."""

from lab.feature.contributions import AuditLabels
from lab.portfolio.rules.lifecycle import PROJECT

# In a line of the log "closed" is said of a call, never of a project.
STATES = tuple(code for code in PROJECT.codes if code != "closed")

AUDIT_LABELS = AuditLabels(
    actions={
        "project.accept": "验收项目",
        "project.apply_acceptance": "申请验收",
        "project.close": "项目结项",
        "project.create": "建立项目",
        "project.enter_known": "录入公开报道的项目情况",
        "project.hand_over": "交接项目组长",
        "project.land": "项目落地",
        "project.light": "调整项目灯色",
        "project.list": "查看项目列表",
        "project.milestone": "更新里程碑",
        "project.milestones": "调整里程碑",
        "project.pause": "暂停项目",
        "project.resume": "恢复项目",
        "project.sign_charter": "签署任务书",
        "project.start": "启动项目",
        "project.supplement": "补充公开报道以外的项目情况",
        "project.targets": "调整项目指标",
        "project.team": "调整项目小组",
        "project.terminate": "终止项目",
        "project.texts": "修改项目内容",
        "project.trial": "转入试运行",
        "project.view": "查看项目",
    },
    objects={
        "Project": "项目",
    },
    facts={
        "done": "已完成",
        "of": "共",
        "outcome_length": "意见字数",
        "since": "生效日期",
    },
    values={
        **PROJECT.labels(*STATES),
        "green": "绿",
        "yellow": "黄",
        "red": "红",
        "grey": "灰",
    },
    moments=("since",),
)
