"""Create the application: settings, extensions, features."""

from __future__ import annotations

import sys

from click import get_current_context
from flask import Flask
from sqlalchemy import MetaData
from werkzeug.middleware.proxy_fix import ProxyFix

from lab import all_models, errors
from lab.accounts.feature import FEATURE as ACCOUNTS
from lab.audit import record_denial, suspension
from lab.audit.feature import FEATURE as AUDIT
from lab.backup.feature import FEATURE as BACKUP
from lab.calls.feature import FEATURE as CALLS
from lab.commands import cli
from lab.config.settings import Settings, SettingsError, load_settings, require_address
from lab.db import engine_options, prepare_engine
from lab.decisions.feature import FEATURE as DECISIONS
from lab.demo.feature import FEATURE as DEMO
from lab.editing.feature import FEATURE as EDITING
from lab.enrolment.feature import FEATURE as ENROLMENT
from lab.extensions import Base, csrf, db, migrate
from lab.feature import bind
from lab.files.feature import FEATURE as FILES
from lab.filesystem import ROOT
from lab.handover.feature import FEATURE as HANDOVER
from lab.home.feature import FEATURE as HOME
from lab.identity.core import sessions
from lab.identity.core.queries import open_demonstration_accounts
from lab.identity.feature import FEATURE as IDENTITY
from lab.importing.feature import FEATURE as IMPORTING
from lab.inbox.feature import FEATURE as INBOX
from lab.indicators.feature import FEATURE as INDICATORS
from lab.jobs.queue import Queues
from lab.logs import to_stderr
from lab.portfolio.feature import FEATURE as PORTFOLIO
from lab.posts import finished, redirects
from lab.posts.feature import FEATURE as POSTS
from lab.proposals.feature import FEATURE as PROPOSALS
from lab.releases.feature import FEATURE as RELEASES
from lab.reports.feature import FEATURE as REPORTS
from lab.reviews.feature import FEATURE as REVIEWS
from lab.scenarios.feature import FEATURE as SCENARIOS
from lab.system.feature import FEATURE as SYSTEM
from lab.tallies.feature import FEATURE as TALLIES
from lab.web.pages import shell
from lab.web.request import checks, hosts, request_log
from lab.web.request.reading import PortalRequest
from lab.workdays.feature import FEATURE as WORKDAYS

FEATURES = (
    AUDIT,
    POSTS,
    SYSTEM,
    TALLIES,
    FILES,
    IDENTITY,
    EDITING,
    INBOX,
    IMPORTING,
    WORKDAYS,
    HANDOVER,
    RELEASES,
    ACCOUNTS,
    CALLS,
    PROPOSALS,
    REVIEWS,
    DECISIONS,
    PORTFOLIO,
    INDICATORS,
    SCENARIOS,
    REPORTS,
    ENROLMENT,
    BACKUP,
    HOME,
    DEMO,
)  # those below first: in this order stand their lines, panels and what runs each minute


def create_app(settings: Settings | None = None) -> Flask:
    """Create the application. A wrong setting ends the process with a one-line message."""
    try:
        settings = settings or load_settings()
        return _make(settings)
    except SettingsError as error:
        sys.exit(f"启动失败：{error}")


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key,
        AUDIT_KEY=settings.audit_key,
        AUDIT_HEADS=str(settings.instance / "audit-heads.log"),
        INSTANCE=str(settings.instance),
        SETTINGS=settings,
        IDLE_MINUTES=settings.idle_minutes,
        UPLOAD_LIMIT=settings.upload_limit_bytes,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings),
        MAX_CONTENT_LENGTH=settings.upload_limit_bytes * 10 + (1 << 20),
        MAX_FORM_MEMORY_SIZE=2 << 20,
        MAX_FORM_PARTS=2000,
        SESSION_COOKIE_NAME="__Host-lab" if settings.secure_cookies else "lab",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_CHECK_DEFAULT=False,
    )


def _make(settings: Settings) -> Flask:
    app = Flask(
        "lab",
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
        instance_path=str(settings.instance.resolve()),
    )
    app.request_class = PortalRequest
    _configure(app, settings)
    to_stderr(settings.log_level)
    hosts.init(app, settings)
    if settings.trusted_proxies:
        n = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=n, x_proto=n, x_host=0)  # type: ignore[method-assign]
    _extensions(app, settings)
    _features(app)
    _check_ready_to_serve(app, settings)
    return app


def _extensions(app: Flask, settings: Settings) -> None:
    assert all_models.ALL  # tables and the listeners of the audit chain hang on this import
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"), render_as_batch=True)
    csrf.init_app(app)
    request_log.init(app)
    shell.init(app)
    sessions.init(app)
    errors.init(app)
    suspension.init(app)
    redirects.init(app, sessions.identify)
    checks.init(app, sessions.identify, sessions.former_person, record_denial)
    finished.init(app)
    app.extensions["queue"] = Queues(app, settings)


def _check_ready_to_serve(app: Flask, settings: Settings) -> None:
    """Refuse to serve in production without a base URL or with an open demonstration account.

    Commands still run, so that an older database can be upgraded and such accounts closed; `flask
    run` counts as serving, not as a command.
    """
    command = get_current_context(silent=True)
    if not settings.production or (command is not None and command.info_name != "run"):
        return
    require_address(settings)
    _reject_demonstration_accounts(app)


def _reject_demonstration_accounts(app: Flask) -> None:
    with app.app_context():
        count = open_demonstration_accounts()
    if count:
        raise SettingsError(
            f"生产模式下还有{count}个演示账号可以登录，"
            "请先执行 flask --app app accounts disable-demo 停用。"
        )


def _features(app: Flask) -> None:
    """Bind what each feature brings; see `lab.feature.Feature`."""
    for feature in FEATURES:
        bind(app, feature)
    cli.init(app)


def metadata() -> MetaData:
    """Return the metadata of every table, for migrations and tests."""
    return Base.metadata
