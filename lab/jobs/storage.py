"""The queue's file: the database's own SQLite, and a damaged file is put aside.

The file only wakes workers; the rows of the jobs are the truth. So a file that cannot be read is
never mended: it is renamed for whoever wants to look at it, a new one takes its place, and what is
due is put into it again from the rows.
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
    """Whether an error of SQLite means that the file itself is not what it should be."""
    code: int = getattr(error, "sqlite_errorcode", 0) or 0
    return code == SHORT_READ or code & 0xFF in DAMAGE_CODES


def lacks_tables(error: sqlite.DatabaseError) -> bool:
    """Whether somebody emptied the file, or it could not be filled when it was made."""
    return "no such table" in str(error)


class QueueStorage(SqliteStorage):  # type: ignore[misc]
    """Huey's storage through the SQLite that is safe with WAL (see
    `lab.db.engine.MIN_SAFE_VERSION`).

    `refill` puts what is due into a file that has just been made anew.
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
        """A cursor of the file that is there now; one that turns out damaged is replaced.

        The statement that met the damage still fails: its job is found by the refill, or by the
        sweep of every minute.
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
        """Let go of a file that another process has put aside, or somebody has taken away."""
        if self._conn is not None and self._file != _identity(self.filename):
            self.close()
            self._check()

    def _check(self) -> None:
        """Look through the file once, and make it where there is none."""
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
        """Put the damaged file aside, once for all processes, and begin a new one."""
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
    """Rename the file and what belongs to it; the name that it has now.

    Who still has it open goes on with the old file until its next statement; SQLite sees that it
    was moved and leaves the new one's log alone.
    """
    name = f"{path.name}.damaged-{clock.now():%Y%m%dT%H%M%S%f}"
    for end in COMPANION_SUFFIXES:
        with contextlib.suppress(FileNotFoundError):
            path.with_name(path.name + end).rename(path.with_name(name + end))
    return name


_threads = threading.Lock()


@contextlib.contextmanager
def _exclusive(filename: str) -> Iterator[None]:
    """One thread of one process at a time: both lanes and all web processes share the file."""
    with _threads, open(f"{filename}.lock", "a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
