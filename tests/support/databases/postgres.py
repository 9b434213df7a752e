"""A real PostgreSQL server for the tests: started in a folder of its own, gone afterwards.

It listens on a Unix socket only, so nothing on the machine's network can reach it or be in its way.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import sql

from tests.support.databases.postgres_rows import Contents, put_back, read

OWNER = "lab"
START_SECONDS = 180
# Commits take the same way as in real running; only the disk is not waited for, since this server
# never outlives a power cut, and a new database would wait for each of its files.
SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "shared_buffers": "32MB",
    "max_connections": "200",
    "max_wal_size": "256MB",
    "autovacuum_naptime": "10min",
    "log_min_messages": "fatal",
    "timezone": "UTC",
}


class NoPostgres(Exception):
    """No PostgreSQL server program is installed on this machine."""


@dataclass(frozen=True)
class Postgres:
    """A running server; databases on it are made as tests ask for them."""

    socket_folder: Path
    _kept: dict[str, psycopg.Connection] = field(default_factory=dict, compare=False, repr=False)

    def url(self, database: str) -> str:
        """The SQLAlchemy URL of a database on this server."""
        return f"postgresql+psycopg://{OWNER}@/{database}?host={self.socket_folder}"

    def create_database(self, name: str, template: str = "template0") -> str:
        """Make an empty database, or a copy of `template`, and return its SQLAlchemy URL."""
        command = sql.SQL("CREATE DATABASE {} TEMPLATE {} ENCODING 'UTF8'")
        self._execute(command.format(sql.Identifier(name), sql.Identifier(template)))
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Remove a database if it is there, cutting off whoever still uses it."""
        self._execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        )

    def contents(self, name: str) -> Contents:
        """All that a database holds."""
        with self._connect(name) as connection:
            return read(connection)

    def put_back(self, name: str, wanted: Contents) -> bool:
        """Make a database hold what `wanted` says; False when that cannot be done row by row.

        The connection is kept for the next time: a new one would have to read the descriptions
        of all tables again.
        """
        try:
            if name in self._kept:
                return put_back(self._kept[name], wanted)
        except psycopg.OperationalError:  # the database was dropped, or somebody cut it off
            self._kept.pop(name).close()
        try:
            self._kept[name] = self._connect(name)
        except psycopg.OperationalError:  # there is no such database
            return False
        return put_back(self._kept[name], wanted)

    def close(self) -> None:
        """Let go of what is kept."""
        for connection in self._kept.values():
            connection.close()
        self._kept.clear()

    def _execute(self, command: sql.Composed) -> None:
        with self._connect() as connection:
            connection.execute(command)

    def _connect(self, name: str = "postgres") -> psycopg.Connection:
        return psycopg.connect(
            host=str(self.socket_folder), user=OWNER, dbname=name, autocommit=True
        )

    def answers(self) -> bool:
        """Whether the server takes connections by now."""
        try:
            self._connect().close()
        except psycopg.OperationalError:
            return False
        return True


def find_programs() -> Path | None:
    """The folder of the newest installed server programs, or None."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if found:
        return max(found, key=lambda folder: float(folder.parent.name))
    initdb = shutil.which("initdb")
    return Path(initdb).resolve().parent if initdb else None


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """Start a server, hand it out, stop it and remove its files. Raises NoPostgres."""
    programs = find_programs()
    if programs is None:
        raise NoPostgres("No PostgreSQL server is installed; bin/setup --dev installs one.")
    # A Unix socket's path may have 107 characters at most: not the possibly long TMPDIR.
    folder = Path(tempfile.mkdtemp(prefix="lab-pg-", dir="/tmp"))
    try:
        _initialise(programs, folder)
        with _server(programs, folder) as server:
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _as_server_account(folder: Path) -> list[str]:
    """Words that run a command so that it ends with the tests, and not as root (it refuses to)."""
    words = ["setpriv", "--pdeathsig", "INT"]
    if os.geteuid() != 0:
        return words
    account = _account()
    os.chown(folder, account.pw_uid, account.pw_gid)
    return [*words, f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups"]


def _account() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


def _initialise(programs: Path, folder: Path) -> None:
    command = [
        *_as_server_account(folder),
        *(str(programs / "initdb"), "--pgdata", str(folder / "data"), "--username", OWNER),
        *("--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions"),
    ]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"initdb failed:\n{done.stdout}{done.stderr}")


@contextmanager
def _server(programs: Path, folder: Path) -> Iterator[Postgres]:
    settings = SETTINGS | {"unix_socket_directories": str(folder)}
    words = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    program = [str(programs / "postgres"), "-D", str(folder / "data"), *words]
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [*_as_server_account(folder), *program],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    postgres = Postgres(folder)
    try:
        yield _wait(process, postgres)
    finally:
        postgres.close()
        process.send_signal(2)  # SIGINT: PostgreSQL's fast shutdown, which cuts off clients
        process.wait(timeout=START_SECONDS)


def _wait(process: subprocess.Popen[bytes], server: Postgres) -> Postgres:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        if server.answers():
            return server
        time.sleep(0.05)
    log = (server.socket_folder / "server.log").read_text(errors="replace")
    raise RuntimeError(f"PostgreSQL did not start:\n{log}")
