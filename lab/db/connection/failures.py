"""What a database or disk error means for the user.

Recognised by SQLite's codes (sqlite.org/rescode.html), PostgreSQL's SQLSTATE (Appendix A of its
manual) and errno; never by English messages.
"""

from __future__ import annotations

import errno
from dataclasses import dataclass
from enum import Enum

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

REPORT_HINT = "请把事件编号告诉系统管理员。"
SAVED_NOTE = "已保存的内容不受影响"


class FailureKind(Enum):
    """Kinds of failures that users can be told about."""

    BUSY = "busy"
    FULL = "full"
    READ_ONLY = "read_only"
    DISK = "disk"
    DAMAGED = "damaged"
    UNREACHABLE = "unreachable"
    BROKEN = "broken"


@dataclass(frozen=True)
class FailureMessages:
    """Title of the page; its text after a read and after anything else."""

    title: str
    reading: str
    writing: str


MESSAGES = {
    FailureKind.BUSY: FailureMessages(
        "系统繁忙",
        "暂时无法读取，请稍后再试。",
        f"暂时无法保存，请稍后再试。{SAVED_NOTE}。",
    ),
    FailureKind.FULL: FailureMessages(
        "存储空间已满",
        f"存储空间已满，暂时无法读取。{REPORT_HINT}",
        f"存储空间已满，这次没有保存。{SAVED_NOTE}，{REPORT_HINT}",
    ),
    FailureKind.READ_ONLY: FailureMessages(
        "暂时只能查看",
        f"存储设备目前只能读取，这个页面暂时打不开。{REPORT_HINT}",
        f"存储设备目前只能读取，这次没有保存。{SAVED_NOTE}，{REPORT_HINT}",
    ),
    FailureKind.DISK: FailureMessages(
        "存储设备出错",
        f"存储设备出错，暂时无法读取。{REPORT_HINT}",
        f"存储设备出错，这次没有保存。{REPORT_HINT}",
    ),
    FailureKind.DAMAGED: FailureMessages(
        "数据文件损坏",
        f"数据文件损坏，暂时无法读取。{REPORT_HINT}",
        f"数据文件损坏，这次没有保存。{REPORT_HINT}",
    ),
    FailureKind.UNREACHABLE: FailureMessages(
        "连接不上数据库",
        "连接不上数据库，暂时无法读取，请稍后再试。",
        f"连接不上数据库，这次没有保存，请稍后再试。{SAVED_NOTE}。",
    ),
}

SQLITE = {
    5: FailureKind.BUSY,
    6: FailureKind.BUSY,
    7: FailureKind.BUSY,  # no memory
    8: FailureKind.READ_ONLY,
    10: FailureKind.DISK,
    11: FailureKind.DAMAGED,
    13: FailureKind.FULL,
    14: FailureKind.UNREACHABLE,
    15: FailureKind.BUSY,  # the locking protocol, under many starters
    26: FailureKind.DAMAGED,
}
# By SQLSTATE, or by its class of two characters.
POSTGRES = {
    "08": FailureKind.UNREACHABLE,
    "25006": FailureKind.READ_ONLY,
    "40": FailureKind.BUSY,
    "53": FailureKind.BUSY,
    "53100": FailureKind.FULL,
    "55": FailureKind.BUSY,
    "57014": FailureKind.BUSY,
    "57P": FailureKind.UNREACHABLE,
    "58": FailureKind.DISK,
    "XX001": FailureKind.DAMAGED,
    "XX002": FailureKind.DAMAGED,
}
SYSTEM = {
    errno.ENOSPC: FailureKind.FULL,
    errno.EDQUOT: FailureKind.FULL,
    errno.EROFS: FailureKind.READ_ONLY,
    errno.EIO: FailureKind.DISK,
}


def classify(error: BaseException) -> FailureKind:
    """Classify an error; BROKEN for a bug in the program."""
    if isinstance(error, PoolTimeout):
        return FailureKind.BUSY
    if isinstance(error, DBAPIError):
        return _of_database(error)
    if isinstance(error, OSError):
        return SYSTEM.get(error.errno or 0, FailureKind.BROKEN)
    return FailureKind.BROKEN


def _of_database(error: DBAPIError) -> FailureKind:
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return SQLITE.get(code & 0xFF, FailureKind.BROKEN)
    state = getattr(error.orig, "sqlstate", None)
    if state:
        candidates = (POSTGRES.get(state[:length]) for length in (5, 3, 2))
        return next((kind for kind in candidates if kind), FailureKind.BROKEN)
    # The driver could not reach the server, or lost it: there is no answer that has a code.
    lost = error.connection_invalidated or isinstance(error, OperationalError)
    return FailureKind.UNREACHABLE if lost else FailureKind.BROKEN


def failure_message(kind: FailureKind, *, reading: bool) -> tuple[str, str] | None:
    """Return title and message; None for BROKEN, about which there is nothing more to say."""
    messages = MESSAGES.get(kind)
    if messages is None:
        return None
    return messages.title, messages.reading if reading else messages.writing
