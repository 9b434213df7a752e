"""What handovers bring: their pages, and what waits for the office."""

from lab.feature import Feature, NavItem
from lab.handover import views
from lab.handover.audit_labels import AUDIT_LABELS
from lab.handover.blueprint import bp
from lab.handover.todos import TODOS

FEATURE = Feature(
    "handover",
    blueprints=(bp,),
    pages=(views,),
    navigation=(NavItem("系统管理", "离岗交接", "handover.index", "handover.list", 905),),
    todos=TODOS,
    audit_labels=AUDIT_LABELS,
)
