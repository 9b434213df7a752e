"""Engine settings.

The portal begins every transaction itself: `BEGIN IMMEDIATE` where a request may write, read-only
for GET and HEAD, so that the database, not convention, rejects a writing GET.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary, finalize

import pysqlite3.dbapi2 as sqlite
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine

from lab.config.settings import Settings, SettingsError
from lab.db.connection.sessions import is_read_only, lock_timeout
from lab.db.connection.write_limit import WRITER_LIMIT

MIN_SAFE_VERSION = (3, 51, 3)  # first SQLite release without the WAL-reset corruption
NETWORK_FILE_SYSTEMS = frozenset(
    {
        *("nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "fuse.sshfs", "fuse.davfs"),
        *("glusterfs", "fuse.glusterfs", "ceph", "fuse.ceph", "lustre", "beegfs", "gpfs"),
        *("ocfs2", "gfs", "gfs2", "fuse.s3fs", "fuse.rclone"),
    }
)
CACHE_KIB = 16 * 1024  # pages kept per connection: lists of thousands of rows without reading again
LOCK_SECONDS = 15  # how long a writer waits for another before the page says "busy"
# A thread may hold one connection and ask for a second (`reading`, `writing`): the pool must never
# be what it waits for. The web server's threads keep the real number small.
POOL = {"pool_size": 5, "max_overflow": 75}
# Errors carry the statement without its values: they end up in logs.
HIDE_PARAMETERS = {"hide_parameters": True}
# Said aloud although they are PostgreSQL's defaults: a server set otherwise would lose answers.
POSTGRES_SESSION = {
    "synchronous_commit": "on",
    "default_transaction_isolation": r"read\ committed",
    "lock_timeout": f"{LOCK_SECONDS}s",
    "timezone": "UTC",
}


def engine_options(settings: Settings) -> dict[str, Any]:
    """Return the options for create_engine. Raises SettingsError where SQLite would be unsafe."""
    if settings.sqlite_file is None:
        options = " ".join(f"-c {name}={value}" for name, value in POSTGRES_SESSION.items())
        return {
            **POOL,
            **HIDE_PARAMETERS,
            "pool_pre_ping": True,
            "connect_args": {"options": options, "connect_timeout": 10},
        }
    sqlite = sqlite_driver()
    reject_network_folder(settings.sqlite_file.parent)
    return {**POOL, **HIDE_PARAMETERS, "module": sqlite, "connect_args": {"timeout": LOCK_SECONDS}}


def sqlite_driver() -> Any:
    """Return the SQLite driver that opens every file of the portal.

    Raises SettingsError when it is older than `MIN_SAFE_VERSION`.
    """
    if sqlite.sqlite_version_info < MIN_SAFE_VERSION:
        raise SettingsError(f"SQLite {sqlite.sqlite_version} 过旧，需要 3.51.3 或更新的版本。")
    return sqlite


def reject_network_folder(folder: Path, mounts: Path = Path("/proc/mounts")) -> None:
    """Reject a SQLite file on a network file system, where its locks are unreliable."""
    if not mounts.exists():
        return
    best, kind = "", ""
    for line in mounts.read_text(encoding="utf-8", errors="replace").splitlines():
        _, point, fstype, *_ = line.split(" ")
        point = point.replace("\\040", " ")
        inside = str(folder.resolve()) == point or str(folder.resolve()).startswith(
            point.rstrip("/") + "/"
        )
        if inside and len(point) >= len(best):
            best, kind = point, fstype
    if kind in NETWORK_FILE_SYSTEMS:
        raise SettingsError(
            f"文件夹“{folder}”在网络盘上，SQLite 数据库和队列放在那里不能保证安全，请改用本机磁盘"
            "（数据库见 LAB_DATABASE_URL，队列见 LAB_QUEUE_DIR）。"
        )


def prepare_engine(engine: Engine) -> None:
    """Attach the connection settings and the portal's BEGIN to an engine."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _sqlite_connect)
        event.listen(engine, "begin", _sqlite_begin)
    else:
        event.listen(engine, "begin", _postgres_begin)
        event.listen(engine, "commit", _postgres_end)
        event.listen(engine, "rollback", _postgres_end)


def _sqlite_connect(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions on its own
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
        "trusted_schema=OFF",
        f"cache_size={-CACHE_KIB}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


READ_ONLY = "query_only"  # what a connection was last told, in its own notes


def _sqlite_begin(connection: Connection) -> None:
    read = is_read_only()
    if connection.info.get(READ_ONLY) is not read:  # a pooled connection keeps what it was told
        connection.exec_driver_sql(f"PRAGMA query_only={int(read)}")
        connection.info[READ_ONLY] = read
    if read:
        connection.exec_driver_sql("BEGIN")
        return
    wait = lock_timeout()
    WRITER_LIMIT.acquire(LOCK_SECONDS if wait is None else wait)
    moved: bool | None = None if wait is not None else False
    try:
        with _with_lock_timeout(connection, wait):
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        moved = True
    finally:
        WRITER_LIMIT.release(made_progress=moved)


@contextmanager
def _with_lock_timeout(connection: Connection, wait: float | None) -> Iterator[None]:
    """Use this lock timeout in seconds instead of the connection's own."""
    if wait is None:
        yield
        return
    usual = connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one()
    connection.exec_driver_sql(f"PRAGMA busy_timeout={min(usual, int(1000 * wait))}")
    try:
        yield
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={usual}")


# -- PostgreSQL: rows are waited for anywhere in a transaction that writes ----------------------
# By the connection's own object: of a connection that was lost nothing else can be asked. One that
# is forgotten gives its place back, too.
_inside: WeakKeyDictionary[Connection, finalize[..., Any]] = WeakKeyDictionary()


def _postgres_begin(connection: Connection) -> None:
    if is_read_only():
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")
        return
    wait = lock_timeout()
    WRITER_LIMIT.acquire(LOCK_SECONDS if wait is None else wait)
    _inside[connection] = leaving = finalize(connection, WRITER_LIMIT.release, made_progress=True)
    leaving.atexit = False
    if wait is not None:
        connection.exec_driver_sql(f"SET LOCAL lock_timeout={int(1000 * wait)}")


def _postgres_end(connection: Connection) -> None:
    leaving = _inside.pop(connection, None)
    if leaving is not None:
        leaving()
