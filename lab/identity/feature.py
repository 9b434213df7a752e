"""What identity brings: sign-in and the pages of people, units and the audit log."""

from lab.feature import Feature, Link, MinuteTask, NavItem
from lab.identity import blueprint
from lab.identity.activation import views as activation_views
from lab.identity.addresses import views as addresses_views
from lab.identity.audit_labels import AUDIT_LABELS
from lab.identity.audit_log import views as audit_log_views
from lab.identity.core import name_key_filling, sessions
from lab.identity.core.attempts import rows as attempt_rows
from lab.identity.passwords import views as passwords_views
from lab.identity.people import views as people_views
from lab.identity.people import views_accounts, views_search
from lab.identity.sign_in import views as sign_in_views
from lab.identity.units import views as units_views

FEATURE = Feature(
    "identity",
    blueprints=(blueprint.bp, people_views.bp, units_views.bp, audit_log_views.bp),
    pages=(
        sign_in_views,
        activation_views,
        passwords_views,
        addresses_views,
        views_accounts,
        views_search,
    ),
    navigation=(
        NavItem("系统管理", "人员", "people.index", "people.list", 900),
        NavItem("系统管理", "单位", "units.index", "units.list", 910),
        NavItem("系统管理", "审计日志", "audit.index", "audit.view", 920),
    ),
    audit_labels=AUDIT_LABELS,
    links={"Person": Link("people.show")},
    every_minute=(
        MinuteTask(attempt_rows.purge_expired),
        MinuteTask(sessions.clamp_to_now),
        MinuteTask(name_key_filling.fill_name_keys),
    ),
)
