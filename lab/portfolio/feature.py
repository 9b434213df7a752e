"""What the portfolio brings: pages, and the projects that decisions make."""

from __future__ import annotations

from typing import Any

from lab.catalogue.provenance import PROVENANCE_LABELS
from lab.decisions.models import Decision
from lab.decisions.signals import decision_approved, decision_published
from lab.editing.presence import SHARED_FORMS, SharedForm
from lab.feature import Feature, Link, NavItem
from lab.handover.kinds import HANDED_OVER, KEPT
from lab.portfolio import blueprint
from lab.portfolio.audit_labels import AUDIT_LABELS
from lab.portfolio.charter import service_creation
from lab.portfolio.charter import views as charter_views
from lab.portfolio.handover import kinds as handover_kinds
from lab.portfolio.pages import views as pages_views
from lab.portfolio.status import views as status_views
from lab.portfolio.todos import TODOS


def _on_approved(_sender: Any, decision: Decision, **_rest: Any) -> None:
    service_creation.create_projects(decision)


def _on_published(_sender: Any, decision: Decision, **_rest: Any) -> None:
    """Open the projects to their teams."""
    service_creation.announce_projects(decision)


FEATURE = Feature(
    "portfolio",
    blueprints=(blueprint.bp,),
    pages=(pages_views, status_views, charter_views),
    navigation=(NavItem("项目推进", "项目一览", "portfolio.index", "project.list", 400),),
    links={"Project": Link("portfolio.show")},
    todos=TODOS,
    audit_labels=AUDIT_LABELS,
    receivers=((decision_approved, _on_approved), (decision_published, _on_published)),
    template_globals={"provenance_labels": PROVENANCE_LABELS},
    extensions=(
        HANDED_OVER.extended_by(handover_kinds.LED),
        KEPT.extended_by(handover_kinds.JOINED),
        SHARED_FORMS.extended_by(SharedForm("portfolio.save_milestones")),
        SHARED_FORMS.extended_by(SharedForm("portfolio.save_team")),
        SHARED_FORMS.extended_by(SharedForm("portfolio.save_texts")),
    ),
)
