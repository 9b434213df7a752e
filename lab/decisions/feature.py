"""The feature of decisions: pages, and the address of a result for the pages of proposals."""

from lab.decisions import blueprint
from lab.decisions.audit_labels import AUDIT_LABELS
from lab.decisions.held import VOTES
from lab.decisions.pages import views as pages_views
from lab.decisions.ranking import views as ranking_views
from lab.decisions.results import views as results_views
from lab.decisions.todos import TODOS
from lab.editing.presence import SHARED_FORMS, SharedForm
from lab.feature import Feature, Link, NavItem
from lab.handover.kinds import KEPT

FEATURE = Feature(
    "decisions",
    blueprints=(blueprint.bp,),
    pages=(pages_views, ranking_views, results_views),
    navigation=(NavItem("立项决策", "立项审定", "decisions.index", "decision.list", 310),),
    links={
        "Decision": Link("decisions.show"),
        "Proposal.result": Link("decisions.result"),
    },
    todos=TODOS,
    audit_labels=AUDIT_LABELS,
    template_globals={"result_url": results_views.result_url},
    extensions=(
        SHARED_FORMS.extended_by(SharedForm("decisions.save")),
        KEPT.extended_by(VOTES),
    ),
)
