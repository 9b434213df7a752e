"""What the page of the installation's state brings, with the checks of the portal's lower half."""

from lab.feature import Feature, NavItem
from lab.system import checks, views
from lab.system.audit_labels import AUDIT_LABELS

FEATURE = Feature(
    "system",
    blueprints=(views.bp,),
    navigation=(NavItem("系统管理", "系统状态", "system.index", "system.status", 930),),
    audit_labels=AUDIT_LABELS,
    status_checks=checks.ALL,
)
