"""What an error of the database or the disk is called at the page."""

from __future__ import annotations

import errno

import psycopg
import pysqlite3.dbapi2 as pysqlite3
import pytest
from sqlalchemy import exc

from lab.db.faults import MESSAGES, Fault, failure_message, fault_of
from lab.db.gate import WritersBusy


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
    (sqlite(5), Fault.BUSY),
    (sqlite(5 | 2 << 8), Fault.BUSY),
    (sqlite(6), Fault.BUSY),
    (sqlite(8), Fault.READ_ONLY),
    (sqlite(8 | 4 << 8), Fault.READ_ONLY),
    (sqlite(10), Fault.DISK),
    (sqlite(10 | 1 << 8), Fault.DISK),
    (sqlite(10 | 4 << 8), Fault.DISK),
    (sqlite(11, pysqlite3.DatabaseError), Fault.DAMAGED),
    (sqlite(11 | 1 << 8, pysqlite3.DatabaseError), Fault.DAMAGED),
    (sqlite(13), Fault.FULL),
    (sqlite(14), Fault.UNREACHABLE),
    (sqlite(26, pysqlite3.DatabaseError), Fault.DAMAGED),
    (sqlite(1), Fault.BROKEN),
    (postgres(psycopg.errors.DiskFull()), Fault.FULL),
    (postgres(psycopg.errors.OutOfMemory()), Fault.BUSY),
    (postgres(psycopg.errors.TooManyConnections()), Fault.BUSY),
    (postgres(psycopg.errors.LockNotAvailable()), Fault.BUSY),
    (postgres(psycopg.errors.DeadlockDetected()), Fault.BUSY),
    (postgres(psycopg.errors.QueryCanceled()), Fault.BUSY),
    (postgres(psycopg.errors.ReadOnlySqlTransaction()), Fault.READ_ONLY),
    (postgres(psycopg.errors.IoError()), Fault.DISK),
    (postgres(psycopg.errors.DataCorrupted()), Fault.DAMAGED),
    (postgres(psycopg.errors.IndexCorrupted()), Fault.DAMAGED),
    (postgres(psycopg.errors.AdminShutdown(), lost=True), Fault.UNREACHABLE),
    (postgres(psycopg.errors.CannotConnectNow()), Fault.UNREACHABLE),
    (postgres(psycopg.OperationalError("connection refused")), Fault.UNREACHABLE),
    (postgres(psycopg.InterfaceError("closed"), lost=True), Fault.UNREACHABLE),
    (postgres(psycopg.errors.UndefinedTable()), Fault.BROKEN),
    (postgres(psycopg.errors.SyntaxError()), Fault.BROKEN),
    (exc.TimeoutError("pool"), Fault.BUSY),
    (WritersBusy("gate"), Fault.BUSY),
    (OSError(errno.ENOSPC, "x"), Fault.FULL),
    (OSError(errno.EDQUOT, "x"), Fault.FULL),
    (OSError(errno.EROFS, "x"), Fault.READ_ONLY),
    (OSError(errno.EIO, "x"), Fault.DISK),
    (OSError(errno.ENOENT, "x"), Fault.BROKEN),
    (ZeroDivisionError(), Fault.BROKEN),
]


@pytest.mark.parametrize(("error", "fault"), TABLE)
def test_each_error_has_its_kind(error: Exception, fault: Fault) -> None:
    assert fault_of(error) is fault


@pytest.mark.parametrize("fault", Fault)
def test_a_failed_read_is_called_a_read(fault: Fault) -> None:
    if fault is Fault.BROKEN:
        assert failure_message(fault, reading=True) is None
        return
    (title, read), (same, write) = (
        failure_message(fault, reading=way) or ("", "") for way in (1, 0)
    )
    assert title == same and "保存" not in read and "保存" in write


def test_each_kind_has_words_of_its_own() -> None:
    said = [sentence for words in MESSAGES.values() for sentence in (words.reading, words.writing)]
    assert len(set(said)) == len(said) == 2 * (len(Fault) - 1)
    assert not any("！" in sentence for sentence in said)
