"""Back up PostgreSQL with pg_dump and pg_restore, on the same snapshot as the row counts."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.engine import URL, make_url

from lab.backup.rules.manifest import BackupError, Table
from lab.extensions import db
from lab.filesystem import sync

FILE = "lab.dump"
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
# Rows have no order of their own; as text, by code points, they have the same one everywhere.
ROWS = 'COPY (SELECT t::text FROM public."{0}" AS t ORDER BY t::text COLLATE "C") TO STDOUT'
PASSED_VARIABLES = (
    "LC_ALL",
    "PATH",
    "HOME",
    "LANG",
    "PGSSLROOTCERT",
    "PGSSLCERT",
    "PGSSLKEY",
    "PGPASSFILE",
)


@contextmanager
def snapshot(url: str, folder: Path) -> Iterator[Connection]:
    """Dump the database into the folder; the connection reads the same snapshot."""
    with db.engine.connect() as plain:
        connection = plain.execution_options(isolation_level="REPEATABLE READ")
        name = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
        _run(
            url,
            "pg_dump",
            *("--format=custom", "--no-owner", "--no-acl", f"--snapshot={name}"),
            f"--file={folder / FILE}",
        )
        (folder / FILE).chmod(0o600)
        sync(folder / FILE)
        yield connection


def restore(url: str, folder: Path) -> None:
    """Fill the empty database given by the settings, completely or not at all."""
    options = ("--exit-on-error", "--single-transaction", "--no-owner", "--no-acl")
    _run(url, "pg_restore", *options, str(folder / FILE))


def tables(connection: Connection) -> dict[str, Table]:
    """Summarise rows and content of every table."""
    driver: Any = connection.connection.driver_connection
    summaries = {}
    for (name,) in connection.execute(text(TABLES)).all():
        digest, count = hashlib.sha256(), 0
        with driver.cursor() as cursor, cursor.copy(ROWS.format(name)) as rows:
            for piece in rows:
                digest.update(piece)
                count += bytes(piece).count(b"\n")
        summaries[name] = Table(count, digest.hexdigest())
    return summaries


def _run(url: str, program: str, *options: str) -> None:
    """Run one of PostgreSQL's programs on the database. Raises BackupError with its output.

    The password goes through the environment: command lines are readable by everybody.
    """
    parts = make_url(url)
    address = parts.set(drivername="postgresql", password=None).render_as_string()
    process = subprocess.run(
        [_program(program), f"--dbname={address}", *options],
        env=_environment(parts),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if process.returncode:
        stderr = " ".join(process.stderr.split())[:300]
        raise BackupError(f"{program} 没有完成：{stderr}")


def _environment(parts: URL) -> dict[str, str]:
    environment = {name: os.environ[name] for name in PASSED_VARIABLES if name in os.environ}
    return {**environment, "PGPASSWORD": parts.password} if parts.password else environment


def _program(name: str) -> str:
    """Return the newest installed version: an older pg_dump refuses a newer server."""
    installed = Path("/usr/lib/postgresql").glob(f"*/bin/{name}")
    newest = max(installed, key=lambda path: float(path.parent.parent.name), default=None)
    executable = str(newest) if newest else shutil.which(name)
    if not executable:
        raise BackupError(f"本机没有 {name}，请安装 postgresql-client 后再试。")
    return executable
