"""What the office's calendar brings: pages, and the words behind a date that may still change."""

from lab.feature import Feature, NavItem
from lab.workdays import queries, rules
from lab.workdays.audit_labels import AUDIT_LABELS
from lab.workdays.blueprint import bp
from lab.workdays.pages import views, views_import
from lab.workdays.todos import TODOS

FEATURE = Feature(
    "workdays",
    blueprints=(bp,),
    pages=(views, views_import),
    navigation=(NavItem("系统管理", "工作日历", "workdays.index", "workdays.list", 915),),
    todos=TODOS,
    audit_labels=AUDIT_LABELS,
    template_filters=(rules.cn_working_day, queries.due_note),
)
