"""What scenarios and merchants bring: pages, and what the features below read of contracts."""

from lab.feature import Feature, NavItem
from lab.indicators.validation import checks
from lab.portfolio.core import extension_points
from lab.scenarios import queries, views, views_merchants, views_shared
from lab.scenarios.audit_labels import AUDIT_LABELS

FEATURE = Feature(
    "scenarios",
    blueprints=(views.bp,),
    pages=(views_merchants, views_shared),
    navigation=(
        NavItem("场景商户", "场景与商户", "scenarios.index", "scenario.view", 600),
        NavItem("场景商户", "跨项目商户", "scenarios.shared", "merchant.compare", 610),
    ),
    audit_labels=AUDIT_LABELS,
    extensions=(
        extension_points.PANELS.extended_by(views.scenario_panel),
        checks.SIGNED_MERCHANTS.extended_by(queries.signed_merchants),
    ),
)
