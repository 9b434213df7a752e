"""What review brings: the pages of rounds and of reviewers."""

from lab.feature import Feature, Link, NavItem
from lab.handover.kinds import KEPT, WITHDRAWN
from lab.inbox.core.extension_points import CLOSED_OBJECTS
from lab.proposals.core.signals import avoided_corrected
from lab.reviews import blueprint
from lab.reviews.assignment import views as assignment_views
from lab.reviews.audit_labels import AUDIT_LABELS
from lab.reviews.core import conflicts
from lab.reviews.handover import kinds as handover_kinds
from lab.reviews.recusal.service import end_assignments
from lab.reviews.rounds import views as rounds_views
from lab.reviews.sheets import views as sheets_views
from lab.reviews.todos import TODOS

FEATURE = Feature(
    "reviews",
    blueprints=(blueprint.bp,),
    pages=(rounds_views, assignment_views, sheets_views),
    navigation=(
        NavItem("征集评审", "评审组织", "reviews.rounds", "round.view", 230),
        NavItem("征集评审", "我的评审", "reviews.own_reviews", "review.list", 240),
    ),
    links={
        "Call.reminder": Link("reviews.own_reviews", key="round"),
        "Call.reviews": Link("reviews.own_reviews", key=""),
        "Call.round": Link("reviews.show_round"),
        "ScoreSheet": Link("reviews.sheet"),
    },
    todos=TODOS,
    audit_labels=AUDIT_LABELS,
    receivers=((avoided_corrected, end_assignments),),
    extensions=(
        CLOSED_OBJECTS.extended_by(conflicts.closed_letters),
        WITHDRAWN.extended_by(handover_kinds.UNFINISHED),
        KEPT.extended_by(handover_kinds.SUBMITTED),
    ),
)
