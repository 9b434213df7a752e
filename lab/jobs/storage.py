"""The queue's file: the database's own SQLite driver, with damaged files quarantined.

The file only wakes workers; the job rows are authoritative. So an unreadable file is never
repaired: it is renamed for inspection, a new one takes its place, and due jobs are put into it
again from the rows.
"""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pysqlite3.dbapi2 as sqlite
from huey.storage import SqliteStorage

from lab import clock
from lab.db import sqlite_driver

log = logging.getLogger("lab.jobs")
SHORT_READ = sqlite.SQLITE_IOERR | 2 << 8  # the file ends before its last page
# What SQLite says of a file that is no database any more.
DAMAGE_CODES = frozenset({sqlite.SQLITE_CORRUPT, sqlite.SQLITE_NOTADB, sqlite.SQLITE_FORMAT})
COMPANION_SUFFIXES = ("", "-wal", "-shm")


def is_damaged(error: sqlite.DatabaseError) -> bool:
    """Return whether a SQLite error means that the file itself is damaged."""
    code: int = getattr(error, "sqlite_errorcode", 0) or 0
    return code == SHORT_READ or code & 0xFF in DAMAGE_CODES


def lacks_tables(error: sqlite.DatabaseError) -> bool:
    """Return whether the file was emptied, or could not be initialised."""
    return "no such table" in str(error)


class QueueStorage(SqliteStorage):  # type: ignore[misc]
    """Huey's storage on the SQLite driver that is safe with WAL.

    See `lab.db.connection.engine.MIN_SAFE_VERSION`.

    `refill` puts due jobs into a newly created file.
    """

    integrity_error = sqlite.IntegrityError
    operational_error = sqlite.OperationalError

    def __init__(self, name: str, filename: str, refill: Callable[[], None], **more: Any) -> None:
        self._refill = refill
        self._file: tuple[int, int] | None = None
        super().__init__(name, filename=filename, create_tables=False, **more)
        try:
            self._check()
        except sqlite.Error:  # the disk is full or read-only: pages can be read all the same
            log.exception("the queue cannot be used; workers find jobs by their rows")

    def _create_connection(self) -> Any:
        connection = sqlite_driver().connect(
            self.filename, timeout=self._timeout, check_same_thread=False
        )
        try:
            connection.isolation_level = None
            self._set_journal_mode(connection)
            connection.execute("PRAGMA synchronous=FULL")
            self._file = _identity(self.filename)
        except BaseException:
            connection.close()
            raise
        return connection

    @contextlib.contextmanager
    def db(self, commit: bool = False, close: bool = False) -> Iterator[Any]:
        """Yield a cursor of the current file; one that proves damaged is replaced.

        The statement that met the damage still fails: its job is found by the refill, or by the
        minute task.
        """
        self._reopen_if_replaced()
        try:
            with super().db(commit=commit, close=close) as cursor:
                yield cursor
        except sqlite.DatabaseError as error:
            self._recover(error)
            raise

    def _recover(self, error: sqlite.DatabaseError) -> None:
        if is_damaged(error):
            self._replace(error)
        elif lacks_tables(error):
            self._make_tables()
        else:
            return
        self._refill()

    def _reopen_if_replaced(self) -> None:
        """Close a file that another process has quarantined, or somebody has removed."""
        if self._conn is not None and self._file != _identity(self.filename):
            self.close()
            self._check()

    def _check(self) -> None:
        """Check the file once, and create it where there is none."""
        try:
            with super().db() as cursor:
                result = cursor.execute("PRAGMA quick_check(1)").fetchone()
            if result == ("ok",):
                self._make_tables()
                return
            cause: object = result
        except sqlite.DatabaseError as error:
            if not is_damaged(error):
                raise
            cause = error
        self._replace(cause)
        self._refill()

    def _make_tables(self) -> None:
        with super().db(commit=True) as cursor:
            for statement in self.ddl:
                cursor.execute(statement)

    def _replace(self, cause: object) -> None:
        """Quarantine the damaged file, once for all processes, and create a new one."""
        seen = self._file or _identity(self.filename)
        self.close()
        with _exclusive(self.filename):
            # Another process may have replaced the file while this one waited for its turn.
            if seen == _identity(self.filename):
                aside = _quarantine(Path(self.filename))
                log.error("queue damaged, put aside", extra={"file": aside, "cause": str(cause)})
            self._make_tables()


def _identity(filename: str) -> tuple[int, int] | None:
    try:
        info = os.stat(filename)
    except OSError:
        return None
    return info.st_dev, info.st_ino


def _quarantine(path: Path) -> str:
    """Rename the file and its companions; return the new name.

    Processes that still have it open continue with the old file until their next statement; SQLite
    notices the move and leaves the new file's log alone.
    """
    name = f"{path.name}.damaged-{clock.now():%Y%m%dT%H%M%S%f}"
    for end in COMPANION_SUFFIXES:
        with contextlib.suppress(FileNotFoundError):
            path.with_name(path.name + end).rename(path.with_name(name + end))
    return name


_threads = threading.Lock()


@contextlib.contextmanager
def _exclusive(filename: str) -> Iterator[None]:
    """Admit one thread of one process at a time: lanes and web processes share the file."""
    with _threads, open(f"{filename}.lock", "a") as lock_file:
        fcntl.flock(lock_file, fcntl.LOCK_EX)
        yield
