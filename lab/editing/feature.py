"""What saving while typing brings: two addresses, the answer to late saves, the purge of expired
tabs."""

from lab.editing import drafts, responses, tabs, views
from lab.editing.audit_labels import AUDIT_LABELS
from lab.feature import Feature, MinuteTask
from lab.web.request.guards import BEFORE_COMMIT

FEATURE = Feature(
    "editing",
    blueprints=(views.bp,),
    audit_labels=AUDIT_LABELS,
    every_minute=(MinuteTask(tabs.purge_expired),),
    error_handlers={tabs.LateSave: responses.late_save_response},
    extensions=(BEFORE_COMMIT.extended_by(drafts.discard_sent_draft),),
)
