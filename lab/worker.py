"""The worker, `python -m lab.worker`: one process that renders and cleans up.

Run several as needed.
"""

from __future__ import annotations

import sys
import threading

from app import app
from lab.audit import suspension
from lab.config.settings import Settings, SettingsError
from lab.db.connection.startup import check_database
from lab.jobs.queue import retry_until_done
from lab.logs import guard_process
from lab.nodes import heartbeat, startup
from lab.nodes.rules import WORKER
from lab.reports.core import sandbox
from lab.reports.rendering.fonts import font_folders, log_broken


def main() -> None:
    """Work through every lane until SIGINT or SIGTERM, starting with the waiting jobs.

    Waits for a database that is away; exits with one sentence when somebody has to act.
    """
    settings: Settings = app.config["SETTINGS"]
    guard_process()
    wait_to_begin(settings)
    with app.app_context():
        suspension.check_key()
    heartbeat.start_heartbeat(app, WORKER)
    folders = font_folders(settings.font_dir)
    log_broken(folders)
    sandbox.preload(folders)
    app.extensions["queue"].consume()


def wait_to_begin(settings: Settings) -> None:
    """Return once the database answers and no node with another folder is running.

    Exit when waiting is useless.
    """
    try:
        retry_until_done(lambda: check_database(settings), threading.Event().wait)
        startup.join_nodes(settings, WORKER)
    except SettingsError as error:
        sys.exit(f"启动失败：{error}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
