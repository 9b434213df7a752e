"""What handovers bring: their pages, and what waits for the office."""

from lab.feature import Feature, NavItem
from lab.handover.audit_labels import AUDIT_LABELS
from lab.handover.blueprint import bp
from lab.handover.carrying_out import views as carrying_out
from lab.handover.people import views as people
from lab.handover.records import views as records
from lab.handover.todos import TODOS

FEATURE = Feature(
    "handover",
    blueprints=(bp,),
    pages=(people, carrying_out, records),
    navigation=(NavItem("系统管理", "离岗交接", "handover.index", "handover.list", 905),),
    todos=TODOS,
    audit_labels=AUDIT_LABELS,
)
