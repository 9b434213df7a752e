"""Binds identity to the app."""

from flask import Flask

from lab.identity import blueprint
from lab.identity.addresses import views as addresses_views
from lab.identity.audit_log import views as audit_log_views
from lab.identity.core import sessions
from lab.identity.passwords import views as passwords_views
from lab.identity.people import views as people_views
from lab.identity.people import views_accounts
from lab.identity.sign_in import attempt_rows
from lab.identity.sign_in import views as sign_in_views
from lab.identity.units import views as units_views
from lab.jobs.queue import every_minute

# Their pages hang on blueprints of other modules.
FILLS_BLUEPRINT = (sign_in_views, passwords_views, addresses_views, views_accounts)


def init(app: Flask) -> None:
    """Register sign-in and the pages of people, units and the audit log."""
    for bp in (blueprint.bp, people_views.bp, units_views.bp, audit_log_views.bp):
        app.register_blueprint(bp)
    every_minute(attempt_rows.purge_expired)
    every_minute(sessions.bring_back)
