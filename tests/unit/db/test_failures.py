"""What an error of the database or the disk is called at the page."""

from __future__ import annotations

import errno

import psycopg
import pysqlite3.dbapi2 as pysqlite3
import pytest
from sqlalchemy import exc

from lab.db.connection.failures import MESSAGES, FailureKind, classify, failure_message
from lab.db.connection.write_limit import WritersBusy


def sqlite(code: int, kind: type[Exception] = pysqlite3.OperationalError) -> exc.DBAPIError:
    """What SQLAlchemy makes of an error of SQLite with this code."""
    error = kind("some English words")
    error.sqlite_errorcode = code  # type: ignore[attr-defined]
    wrapped = exc.OperationalError if kind is pysqlite3.OperationalError else exc.DatabaseError
    return wrapped("SELECT 1", {}, error)


def postgres(error: psycopg.Error, lost: bool = False) -> exc.DBAPIError:
    wrapped = exc.OperationalError if isinstance(error, psycopg.OperationalError) else None
    wrapped = wrapped or exc.DatabaseError
    return wrapped("SELECT 1", {}, error, connection_invalidated=lost)


TABLE = [
    (sqlite(5), FailureKind.BUSY),
    (sqlite(5 | 2 << 8), FailureKind.BUSY),
    (sqlite(6), FailureKind.BUSY),
    (sqlite(8), FailureKind.READ_ONLY),
    (sqlite(8 | 4 << 8), FailureKind.READ_ONLY),
    (sqlite(10), FailureKind.DISK),
    (sqlite(10 | 1 << 8), FailureKind.DISK),
    (sqlite(10 | 4 << 8), FailureKind.DISK),
    (sqlite(11, pysqlite3.DatabaseError), FailureKind.DAMAGED),
    (sqlite(11 | 1 << 8, pysqlite3.DatabaseError), FailureKind.DAMAGED),
    (sqlite(13), FailureKind.FULL),
    (sqlite(14), FailureKind.UNREACHABLE),
    (sqlite(26, pysqlite3.DatabaseError), FailureKind.DAMAGED),
    (sqlite(1), FailureKind.BROKEN),
    (postgres(psycopg.errors.DiskFull()), FailureKind.FULL),
    (postgres(psycopg.errors.OutOfMemory()), FailureKind.BUSY),
    (postgres(psycopg.errors.TooManyConnections()), FailureKind.BUSY),
    (postgres(psycopg.errors.LockNotAvailable()), FailureKind.BUSY),
    (postgres(psycopg.errors.DeadlockDetected()), FailureKind.BUSY),
    (postgres(psycopg.errors.QueryCanceled()), FailureKind.BUSY),
    (postgres(psycopg.errors.ReadOnlySqlTransaction()), FailureKind.READ_ONLY),
    (postgres(psycopg.errors.IoError()), FailureKind.DISK),
    (postgres(psycopg.errors.DataCorrupted()), FailureKind.DAMAGED),
    (postgres(psycopg.errors.IndexCorrupted()), FailureKind.DAMAGED),
    (postgres(psycopg.errors.AdminShutdown(), lost=True), FailureKind.UNREACHABLE),
    (postgres(psycopg.errors.CannotConnectNow()), FailureKind.UNREACHABLE),
    (postgres(psycopg.OperationalError("connection refused")), FailureKind.UNREACHABLE),
    (postgres(psycopg.InterfaceError("closed"), lost=True), FailureKind.UNREACHABLE),
    (postgres(psycopg.errors.UndefinedTable()), FailureKind.BROKEN),
    (postgres(psycopg.errors.SyntaxError()), FailureKind.BROKEN),
    (exc.TimeoutError("pool"), FailureKind.BUSY),
    (WritersBusy("gate"), FailureKind.BUSY),
    (OSError(errno.ENOSPC, "x"), FailureKind.FULL),
    (OSError(errno.EDQUOT, "x"), FailureKind.FULL),
    (OSError(errno.EROFS, "x"), FailureKind.READ_ONLY),
    (OSError(errno.EIO, "x"), FailureKind.DISK),
    (OSError(errno.ENOENT, "x"), FailureKind.BROKEN),
    (ZeroDivisionError(), FailureKind.BROKEN),
]


@pytest.mark.parametrize(("error", "fault"), TABLE)
def test_each_error_has_its_kind(error: Exception, fault: FailureKind) -> None:
    assert classify(error) is fault


@pytest.mark.parametrize("fault", FailureKind)
def test_a_failed_read_is_called_a_read(fault: FailureKind) -> None:
    if fault is FailureKind.BROKEN:
        assert failure_message(fault, reading=True) is None
        return
    (title, read), (same, write) = (
        failure_message(fault, reading=way) or ("", "") for way in (1, 0)
    )
    assert title == same and "保存" not in read and "保存" in write


def test_each_kind_has_its_own_text() -> None:
    said = [sentence for words in MESSAGES.values() for sentence in (words.reading, words.writing)]
    assert len(set(said)) == len(said) == 2 * (len(FailureKind) - 1)
    assert not any("！" in sentence for sentence in said)
