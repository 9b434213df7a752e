"""Settings of the web server; gunicorn reads this file by itself when started in this folder."""

import sys

from lab.config.settings import (
    WAITING_WRITERS,
    WEB_THREADS,
    SettingsError,
    load_settings,
    require_address,
)

try:
    _settings = load_settings()
    require_address(_settings)
except SettingsError as error:
    sys.exit(str(error))

_host = f"[{_settings.host}]" if ":" in _settings.host else _settings.host
bind = f"{_host}:{_settings.port}"
workers = _settings.web_workers
worker_class = "gthread"
threads = WEB_THREADS
timeout = 60
graceful_timeout = 20
keepalive = 5
# Longer than any address of the portal; what is longer is an attempt at something else.
limit_request_line = 4094
limit_request_fields = 60
# The portal writes its own log line for each request.
accesslog = None
errorlog = "-"
loglevel = "warning"
logger_class = "lab.logs.server.ServerLog"
# The supervisor or systemd steers the server; a second way in is not needed.
control_socket_disable = True


def on_starting(_server):
    """Before anything listens: refuse beside a node with another instance folder."""
    from lab.nodes import startup
    from lab.nodes.rules import WEB

    try:
        startup.join_nodes(_settings, WEB)
    except SettingsError as error:
        sys.exit(f"启动失败：{error}")


def post_worker_init(_worker):
    """Keep threads for readers; let others, and the administrators' page, see that this serves."""
    from app import app
    from lab.audit import suspension
    from lab.db import WRITER_LIMIT
    from lab.nodes import heartbeat
    from lab.nodes.rules import WEB

    with app.app_context():
        suspension.check_key()
    WRITER_LIMIT.set_capacity(WAITING_WRITERS)
    heartbeat.start_heartbeat(app, WEB)
