"""What scenarios and merchants bring: pages, and what the features below read of contracts."""

from __future__ import annotations

from flask import Flask

from lab.feature import Feature, NavItem
from lab.indicators.validation import checks
from lab.portfolio.core import sources
from lab.scenarios import queries, views, views_merchants, views_shared
from lab.scenarios.audit_labels import AUDIT_LABELS


def _setup(_app: Flask) -> None:
    sources.register("scenarios", panel=views.scenario_panel)
    checks.count_signed_by(queries.signed_merchants)


FEATURE = Feature(
    "scenarios",
    blueprints=(views.bp,),
    pages=(views_merchants, views_shared),
    navigation=(
        NavItem("场景商户", "场景与商户", "scenarios.index", "scenario.view", 600),
        NavItem("场景商户", "跨项目商户", "scenarios.shared", "merchant.compare", 610),
    ),
    audit_labels=AUDIT_LABELS,
    setup=_setup,
)
