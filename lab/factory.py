"""Makes the application: settings, extensions, features."""

from __future__ import annotations

import sys

from click import get_current_context
from flask import Flask
from sqlalchemy import MetaData
from werkzeug.middleware.proxy_fix import ProxyFix

from lab import all_models, errors
from lab.accounts import feature as accounts_feature
from lab.audit import note_denial, suspension
from lab.backup import feature as backup_feature
from lab.calls import feature as calls_feature
from lab.commands import cli
from lab.config.settings import Settings, SettingsError, load_settings, require_address
from lab.db import engine_options, prepare_engine
from lab.decisions import feature as decisions_feature
from lab.editing import feature as editing_feature
from lab.extensions import Base, csrf, db, migrate
from lab.files import feature as files_feature
from lab.filesystem import ROOT
from lab.home import feature as home_feature
from lab.identity import feature as identity_feature
from lab.identity.core import sessions
from lab.identity.core.queries import open_demonstration_accounts
from lab.inbox import feature as inbox_feature
from lab.indicators import feature as indicators_feature
from lab.jobs.queue import Queues
from lab.logs import to_stderr
from lab.portfolio import feature as portfolio_feature
from lab.proposals import feature as proposals_feature
from lab.releases import feature as releases_feature
from lab.reports import feature as reports_feature
from lab.reviews import feature as reviews_feature
from lab.scenarios import feature as scenarios_feature
from lab.system import feature as system_feature
from lab.web.pages import shell
from lab.web.request import entrance, hosts, request_log
from lab.web.request.reading import PortalRequest
from lab.workdays import feature as workdays_feature

FEATURES = (
    system_feature,
    files_feature,
    identity_feature,
    editing_feature,
    inbox_feature,
    workdays_feature,
    releases_feature,
    accounts_feature,
    calls_feature,
    proposals_feature,
    reviews_feature,
    decisions_feature,
    portfolio_feature,
    indicators_feature,
    scenarios_feature,
    reports_feature,
    backup_feature,
    home_feature,
)  # those below first: a feature's handlers may hang on what is registered before


def create_app(settings: Settings | None = None) -> Flask:
    """Make the application. A wrong setting ends the process with one plain sentence."""
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
    entrance.init(app, sessions.identify, sessions.former_person, note_denial)
    app.extensions["queue"] = Queues(app, settings)


def _check_ready_to_serve(app: Flask, settings: Settings) -> None:
    """A production portal does not start without its address, nor while somebody could sign in as
    an invented person.

    Commands may still run, so that an older database is brought up to date and such accounts can
    be closed; `flask run` is no command, it serves.
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
    """Each feature has a module `feature` with `init(app)`: blueprints, navigation, jobs."""
    for feature in FEATURES:
        feature.init(app)
    cli.init(app)


def metadata() -> MetaData:
    """Tables of the whole portal, for migrations and tests."""
    return Base.metadata
