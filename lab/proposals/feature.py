"""What proposals bring: pages, also of the formality check, and the jobs of import and search."""

from lab.calls.core.extension_points import OPEN_DRAFTS, SUBMISSION_COUNTS
from lab.editing.presence import SHARED_FORMS, SharedForm
from lab.feature import Feature, Link, MinuteTask, NavItem
from lab.handover.kinds import HANDED_OVER, KEPT
from lab.importing.targets import TARGETS
from lab.inbox.core.signals import letter_sending, letter_voided
from lab.proposals import blueprint
from lab.proposals.attachments import service as attachments_service
from lab.proposals.attachments import views as attachments_views
from lab.proposals.audit_labels import AUDIT_LABELS
from lab.proposals.bulk_import import earlier_imports, own_workbook
from lab.proposals.bulk_import import service_check as bulk_import_check
from lab.proposals.bulk_import import views as bulk_import_views
from lab.proposals.checklist_items import views as checklist_items_views
from lab.proposals.core.queries import existing_keys
from lab.proposals.export import views as export_views
from lab.proposals.handover import kinds as handover_kinds
from lab.proposals.joint import views as joint_views
from lab.proposals.monitoring import views as monitoring_views
from lab.proposals.pages import audience
from lab.proposals.pages import views as pages_views
from lab.proposals.screening import views as screening_views
from lab.proposals.screening import views_overdue
from lab.proposals.screening.avoided import views as avoided_views
from lab.proposals.screening.drafts import presence as screening_presence
from lab.proposals.screening.letters import announcement
from lab.proposals.screening.queue import views as queue_views
from lab.proposals.search import indexing, views_similar
from lab.proposals.search import views as search_views
from lab.proposals.submission import views as submission_views
from lab.proposals.submission import views_late
from lab.proposals.todos import TODOS
from lab.proposals.withdrawal import views as withdrawal_views
from lab.proposals.writing import missing_count, service_snapshots, views_autosave
from lab.proposals.writing import presence as writing_presence
from lab.proposals.writing import views as writing_views
from lab.proposals.writing.restoring import views as restoring_views

FEATURE = Feature(
    "proposals",
    blueprints=(
        blueprint.bp,
        blueprint.checks_bp,
        bulk_import_views.bp,
        monitoring_views.bp,
        search_views.bp,
    ),
    pages=(
        pages_views,
        views_similar,
        views_autosave,
        restoring_views,
        writing_views,
        export_views,
        attachments_views,
        checklist_items_views,
        joint_views,
        views_late,
        queue_views,
        screening_views,
        views_overdue,
        avoided_views,
        submission_views,
        withdrawal_views,
    ),
    navigation=(
        NavItem("征集评审", "申报书", "proposals.index", "proposal.list", 210),
        NavItem("征集评审", "形式审查", "checks.index", "proposal.queue", 220),
    ),
    links={
        "Call.checks": Link("checks.index", key=""),
        "Call.proposals": Link("proposals.index", key="call"),
        "Proposal": Link("proposals.show", existing=existing_keys),
        "Proposal.check": Link("checks.show"),
        "Proposal.joint": Link("proposals.joint", existing=existing_keys),
    },
    todos=TODOS,
    audit_labels=AUDIT_LABELS,
    jobs=(
        *indexing.JOBS,
        bulk_import_check.KIND.job_kind(),
    ),
    every_minute=(
        MinuteTask(service_snapshots.purge_expired),
        MinuteTask(missing_count.count_uncounted),
        MinuteTask(indexing.index_due),
        MinuteTask(earlier_imports.ask_partners),
        MinuteTask(attachments_service.order_missing_previews),
        MinuteTask(attachments_service.purge_replaced),
    ),
    receivers=(
        (letter_sending, announcement.announce_outcome),
        (letter_voided, announcement.take_back_outcome),
    ),
    extensions=(
        SHARED_FORMS.extended_by(SharedForm("checks.save_items")),
        SHARED_FORMS.extended_by(SharedForm("checks.record", screening_presence.other_editors)),
        SHARED_FORMS.extended_by(SharedForm("proposals.save", writing_presence.other_editors)),
        SHARED_FORMS.extended_by(
            SharedForm("proposals.save_files", writing_presence.other_editors)
        ),
        TARGETS.extended_by(own_workbook.proposals_target),
        HANDED_OVER.extended_by(handover_kinds.DRAFTS),
        HANDED_OVER.extended_by(handover_kinds.CONFIRMATIONS),
        KEPT.extended_by(handover_kinds.PARTS),
        OPEN_DRAFTS.extended_by(audience.applicants_with_open_drafts),
        SUBMISSION_COUNTS.extended_by(audience.submission_counts),
    ),
)
