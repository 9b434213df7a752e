"""What the start page brings, and what every page's frame shows."""

from __future__ import annotations

from typing import Any

from flask import current_app, g, request

from lab.feature import Feature, NavItem
from lab.home import views
from lab.home.audit_labels import AUDIT_LABELS
from lab.identity.core.queries import open_demonstration_accounts
from lab.web.pages import nav
from lab.web.request.guards import can


def _frame() -> dict[str, Any]:
    """Return what the layout needs on every page: navigation, person and demonstration banner."""
    signed_in = g.get("person") is not None
    return {
        "nav": nav.build(can, request.path) if signed_in else [],
        "demo_banner": _demonstration(),
    }


def _demonstration() -> bool:
    """Return whether demonstration data is in the database; once seen, assumed to stay."""
    settings = current_app.config["SETTINGS"]
    if settings.production:
        return False
    if not current_app.extensions.get("lab_demonstration"):
        current_app.extensions["lab_demonstration"] = open_demonstration_accounts() > 0
    return bool(current_app.extensions["lab_demonstration"])


FEATURE = Feature(
    "home",
    blueprints=(views.bp,),
    navigation=(NavItem("工作台", "首页", "home.index", "home.view", 100),),
    audit_labels=AUDIT_LABELS,
    context_processors=(_frame,),
)
