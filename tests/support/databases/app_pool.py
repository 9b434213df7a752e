"""An app that tests take in turn: making one costs more than most tests do.

Every test finds it as if it had just been made: an instance folder with nothing in it, the
settings and extensions of its start, and a queue of its own. What stays are compiled templates,
statements and addresses, so a test that adds addresses asks for `new_app` instead.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from psycopg import Connection
from sqlalchemy.pool import Pool, QueuePool

from lab.config.settings import Settings
from lab.extensions import db
from lab.factory import create_app
from lab.jobs.queue import Queues

# DISCARD ALL except the prepared statements and plans, for which connections are kept. RESET ALL
# restores the settings of `lab.db.connection.engine`, which come with the connection.
CLEAN_SESSION = """
CLOSE ALL;
SET SESSION AUTHORIZATION DEFAULT;
RESET ALL;
UNLISTEN *;
SELECT pg_advisory_unlock_all();
DISCARD SEQUENCES;
DISCARD TEMP;
"""


class PooledApp:
    """An app that is kept, and what it was like when it was made.

    `keep_connections`: its connections live on from one test to the next, until `close`.
    """

    def __init__(self, settings: Settings, *, keep_connections: bool = False) -> None:
        self._settings, self._keep_connections = settings, keep_connections
        self._app = create_app(settings)
        self._config = dict(self._app.config)
        self._extensions = dict(self._app.extensions)
        close(self._app)

    @contextmanager
    def checkout(self, fill: Callable[[Path], None]) -> Iterator[Flask]:
        """Hand it out with an instance folder that `fill` has put the database into."""
        folder = self._settings.instance
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        fill(folder)
        app = self._app
        _restore(app.config, self._config)
        _restore(app.extensions, self._extensions)
        app.extensions["queue"] = Queues(app, self._settings)
        # The process has one level for all its apps: that of the one made last.
        logging.getLogger("lab").setLevel(self._settings.log_level)
        yield app
        if self._keep_connections:
            release(app)
        else:
            close(app)

    def close(self) -> None:
        """Close files and connections; the app is not handed out any more."""
        close(self._app)


def release(app: Flask) -> None:
    """Close the app's files; keep its connections, since a new one would have to read the
    descriptions of all tables again. What a test left in their sessions is cleaned up."""
    with app.app_context():
        db.session.remove()
        _clean_sessions(db.engine.pool)
    app.extensions["queue"].close()


def _clean_sessions(pool: Pool) -> None:
    """Bring the idle connections of a pool back to the state in which they were made."""
    assert isinstance(pool, QueuePool)
    idle = [pool.connect() for _ in range(pool.checkedin())]
    for pooled in idle:
        connection = pooled.driver_connection
        assert isinstance(connection, Connection)
        connection.autocommit = True  # one round trip, without BEGIN and COMMIT
        connection.execute(CLEAN_SESSION, prepare=False)
        connection.autocommit = False
        pooled.close()


def close(app: Flask) -> None:
    """Close the app's files and connections."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    app.extensions["queue"].close()


def _restore(now: dict[str, object], then: dict[str, object]) -> None:
    now.clear()
    now.update(then)
