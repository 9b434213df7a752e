"""The web server of bin/serve: prepares the database, says where the portal is, then serves.

One process does all of it, because making the portal ready to answer costs a second each time:
gunicorn's workers are forked from here with everything loaded.
"""

from __future__ import annotations

import os
import sys

import click
from flask import Flask
from gunicorn.app.wsgiapp import WSGIApplication
from gunicorn.arbiter import Arbiter
from sqlalchemy.exc import DBAPIError

from lab.config.settings import SettingsError, load_settings
from lab.db.connection.startup import check_database, explain_startup_error
from steps.address import problem
from steps.database import accounts, prepare


def main(ready: int) -> None:
    """Serve until told to stop; one byte goes to the file descriptor `ready` when it answers."""
    settings = load_settings()
    check_database(settings)
    from app import app

    prepare(app, settings)
    to_try = accounts(app, settings)
    _close_connections(app)

    def announce(_arbiter: Arbiter) -> None:
        print(f"{to_try}\n门户已启动 Ready: {settings.local_url}\n按 Ctrl-C 停止 Ctrl-C stops it\n")
        sys.stdout.flush()
        os.write(ready, b"1")
        os.close(ready)

    sys.argv = ["gunicorn", "app:app"]
    server = WSGIApplication(prog="gunicorn")
    server.cfg.set("when_ready", announce)
    if taken := problem():  # somebody may have come first meanwhile
        sys.exit(taken)
    server.run()


def _close_connections(app: Flask) -> None:
    """A database connection must not be shared with a forked process."""
    from lab.extensions import db

    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    app.extensions["queue"].close()


if __name__ == "__main__":
    try:
        main(int(sys.argv[1]))
    except SettingsError as error:
        sys.exit(f"启动失败：{error}")
    except DBAPIError as error:
        if (known := explain_startup_error(error)) is None:
            raise
        sys.exit(f"启动失败：{known}")
    except click.ClickException as error:
        sys.exit(error.format_message())
