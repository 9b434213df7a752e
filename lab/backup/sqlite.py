"""Back up SQLite with its backup API, in one go, which no writer disturbs."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pysqlite3.dbapi2 as sqlite
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from lab.backup import disk
from lab.backup.rules.manifest import BackupError, Table
from lab.filesystem import sync

FILE = "lab.db"
Damaged = sqlite.DatabaseError
# A virtual table's content lies in ordinary tables beside it, which are read.
TABLES = """
SELECT name FROM sqlite_master
WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
ORDER BY name
"""


def copy_file(source: Path, target: Path) -> None:
    """Copy a SQLite file at one moment into a single synced file."""
    with (
        contextlib.closing(sqlite.connect(f"file:{source}?mode=ro", uri=True, timeout=15)) as live,
        contextlib.closing(sqlite.connect(str(target))) as copied,
    ):
        live.backup(copied)
        copied.execute("PRAGMA journal_mode=DELETE")
    target.chmod(0o600)
    sync(target)


@contextmanager
def snapshot(url: str, folder: Path) -> Iterator[Connection]:
    """Copy the database into the folder; the connection reads the copy."""
    copy_file(_path(url), folder / FILE)
    with _reading(folder / FILE) as connection:
        yield connection


@contextmanager
def _reading(path: Path) -> Iterator[Connection]:
    engine = create_engine(f"sqlite:///{path}", module=sqlite, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA query_only=1")
            yield connection
    finally:
        engine.dispose()


def restore(url: str, folder: Path) -> None:
    """Put the copy where the settings expect the database.

    The place has been checked to be empty.
    """
    target = _path(url)
    for name in (target.name, f"{target.name}-wal", f"{target.name}-shm"):
        (target.parent / name).unlink(missing_ok=True)
    disk.copy(folder / FILE, target)
    sync(target.parent)


def tables(connection: Connection) -> dict[str, Table]:
    """Summarise rows and content of every table, in the database's own order."""
    summaries = {}
    for (name,) in connection.execute(text(TABLES)).all():
        digest, count = hashlib.sha256(), 0
        for row in connection.exec_driver_sql(f'SELECT * FROM "{name}"'):
            digest.update(repr(tuple(row)).encode("utf-8", "surrogatepass"))
            count += 1
        summaries[name] = Table(count, digest.hexdigest())
    return summaries


def _path(url: str) -> Path:
    database = make_url(url).database
    if not database:
        raise BackupError("数据库不在文件里，不能备份。")
    return Path(database)
