"""What the audit log's page calls the codes of the office's calendar."""

from lab.feature.contributions import AuditLabels

AUDIT_LABELS = AuditLabels(
    actions={
        "workdays.add": "录入放假或上班的一天",
        "workdays.complete": "标明全年安排录全",
        "workdays.edit": "修改工作日历",
        "workdays.import": "导入全年安排",
        "workdays.list": "查看工作日历",
        "workdays.remove": "删除工作日历中的一天",
        "workdays.reopen": "取消全年录全标记",
    },
    objects={
        "CalendarDay": "工作日历",
        "CalendarYear": "年度工作日历",
    },
    facts={
        "day": "日期",
        "former_day": "原日期",
        "former_source": "原依据",
        "name": "名称",
        "replaced": "修改或删除",
        "source": "依据",
        "working": "上班",
    },
    moments=("day", "former_day"),
)
