"""The feature of release requests: pages, expiry, commands."""

from lab.feature import Feature, Link, MinuteTask, NavItem
from lab.handover.kinds import KEPT
from lab.releases.audit_labels import AUDIT_LABELS
from lab.releases.commands import release
from lab.releases.held import PENDING
from lab.releases.requests import service as requests_service
from lab.releases.requests import views as requests_views
from lab.releases.todos import TODOS

FEATURE = Feature(
    "releases",
    blueprints=(requests_views.bp,),
    navigation=(NavItem("工作台", "复核事项", "releases.index", "release.list", 115),),
    links={"Release": Link("releases.show")},
    todos=TODOS,
    audit_labels=AUDIT_LABELS,
    every_minute=(MinuteTask(requests_service.expire_due),),
    commands=(release,),
    extensions=(KEPT.extended_by(PENDING),),
)
