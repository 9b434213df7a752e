"""Check at start that the database is usable, and explain when it is not."""

from __future__ import annotations

import re
import sys
from types import TracebackType

from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from lab.config.settings import Settings, SettingsError
from lab.db.connection.engine import engine_options, prepare_engine
from lab.db.connection.failures import FailureKind, classify

URL = "LAB_DATABASE_URL"
# What libpq and the server say when a connection is refused: there are no codes for it. Of the
# words of the server, which may be in another language, only those that matter most are known.
POSTGRES: tuple[tuple[str, str, bool], ...] = (
    (
        r"root certificate file .* does not exist",
        f"找不到用来核对数据库证书的文件，请检查设置 {URL} 中的 sslrootcert。",
        False,
    ),
    (
        r"certificate verify failed|unable to get local issuer",
        f"数据库的证书没有通过核对，请检查证书是否过期、设置 {URL} 中的 sslrootcert "
        "是否为签发该证书的机构。",
        False,
    ),
    (
        r"does not match host name",
        f"数据库证书上的名称与设置 {URL} 中的主机名不一致。",
        False,
    ),
    (
        r"does not support SSL",
        f"数据库没有开启加密连接，与设置 {URL} 中的 sslmode 不一致。",
        False,
    ),
    (
        r"SSL|certificate",
        f"与数据库的加密连接没有建立，请检查证书和设置 {URL} 中的 sslmode。",
        False,
    ),
    (
        r"could not translate host name|failed to resolve host|Name or service not known",
        f"找不到数据库所在的主机，请检查设置 {URL} 中的主机名。",
        True,
    ),
    (
        r"password|no pg_hba.conf entry|role .* does not exist",
        f"数据库不接受这个用户名或密码，请检查设置 {URL}。",
        False,
    ),
    (
        r"database .* does not exist",
        f"数据库服务器上没有这个库，请先建库，或检查设置 {URL} 中的库名。",
        False,
    ),
    (r"starting up|shutting down|too many", "数据库正在启动、停止或连接已满，请稍后再试。", True),
    (
        r"invalid (connection option|URI|sslmode)|missing .* in URI",
        f"设置 {URL} 中的连接参数写法不对。",
        False,
    ),
)
UNREACHABLE_MESSAGE = f"连接不上数据库，请确认数据库已经启动，并检查设置 {URL} 中的主机和端口。"
SQLITE = {
    FailureKind.UNREACHABLE: "打不开数据库文件，请检查文件夹是否存在、是否有读写权限。",
    FailureKind.READ_ONLY: "数据库文件只能读取，请检查文件和文件夹的写入权限。",
    FailureKind.DAMAGED: "数据库文件已损坏，或不是数据库，请从备份恢复。",
    FailureKind.FULL: "存储空间已满，请先清理。",
    FailureKind.DISK: "存储设备出错，请先检查磁盘。",
    FailureKind.BUSY: "数据库正被其他程序占用，请稍后再试。",
}
PERMANENT = frozenset({FailureKind.DAMAGED})


class DatabaseUnavailable(SettingsError):
    """The database is unusable. `transient`: it may recover by itself."""

    def __init__(self, message: str, *, transient: bool) -> None:
        super().__init__(message)
        self.transient = transient


def explain_startup_error(error: DBAPIError) -> DatabaseUnavailable | None:
    """Explain a database error at start; None for a bug in the program."""
    if getattr(error.orig, "sqlite_errorcode", None) is None and _is_about_connecting(error):
        return _of_postgres(str(error.orig))
    kind = classify(error)
    message = SQLITE.get(kind)
    if message is None or kind is FailureKind.BROKEN:
        return None
    return DatabaseUnavailable(message, transient=kind not in PERMANENT)


def _is_about_connecting(error: DBAPIError) -> bool:
    # Errors of statements have a code; those of the connection are words of libpq.
    return not getattr(error.orig, "sqlstate", None) or classify(error) is FailureKind.UNREACHABLE


def _of_postgres(error_text: str) -> DatabaseUnavailable:
    for pattern, message, transient in POSTGRES:
        if re.search(pattern, error_text, re.IGNORECASE):
            return DatabaseUnavailable(message, transient=transient)
    return DatabaseUnavailable(UNREACHABLE_MESSAGE, transient=True)


def check_database(settings: Settings) -> None:
    """Ask the database something.

    Raises DatabaseUnavailable with a sentence for whoever starts it.
    """
    engine = create_engine(settings.database_url, **engine_options(settings))
    prepare_engine(engine)
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
            if settings.sqlite:
                connection.execute(text("SELECT count(*) FROM sqlite_master"))
    except DBAPIError as error:
        problem = explain_startup_error(error)
        if problem is None:
            raise
        raise problem from error
    finally:
        engine.dispose()


def install_excepthook() -> None:
    """Install an excepthook that reports database errors in one sentence instead of a traceback."""
    usual = sys.excepthook

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        problem = explain_startup_error(error) if isinstance(error, DBAPIError) else None
        if problem is None:
            usual(kind, error, trace)
        else:
            print(f"没有完成：{problem}", file=sys.stderr)

    sys.excepthook = hook
