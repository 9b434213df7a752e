"""What calls bring: pages, and the clock that opens and closes them."""

from lab.calls import blueprint
from lab.calls.audit_labels import AUDIT_LABELS
from lab.calls.criteria import views as criteria_views
from lab.calls.deadlines import views as deadlines_views
from lab.calls.notice import views as notice_views
from lab.calls.pages import service, views, views_actions
from lab.editing.presence import SHARED_FORMS, SharedForm
from lab.feature import Feature, Link, MinuteTask, NavItem

FEATURE = Feature(
    "calls",
    blueprints=(blueprint.bp,),
    pages=(views, views_actions, criteria_views, deadlines_views, notice_views),
    navigation=(NavItem("征集评审", "征集批次", "calls.index", "call.list", 200),),
    audit_labels=AUDIT_LABELS,
    links={
        "Call": Link("calls.show"),
        "Call.revision": Link("calls.revision", part="number"),
    },
    every_minute=(MinuteTask(service.run_due_transitions),),
    extensions=(
        SHARED_FORMS.extended_by(SharedForm("calls.save")),
        SHARED_FORMS.extended_by(SharedForm("calls.save_criteria")),
    ),
)
