"""The database door: engine settings, column types, mixins and sessions.

Every transaction is begun by the portal itself: `BEGIN IMMEDIATE` where a request may write,
a read-only transaction for GET and HEAD, so that a GET that tries to write is refused by the
database and not by a habit.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from flask import has_request_context, request
from sqlalchemy import BigInteger, Boolean, CheckConstraint, DateTime, Integer, String, event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import Mapped, Session, mapped_column, validates
from sqlalchemy.orm.attributes import flag_modified
from sqlalchemy.types import TypeDecorator

from lab.config import Settings, SettingsError
from lab.extensions import db
from lab.workflow import Machine, TransitionRefused

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
SAFE_WAL = (3, 51, 3)  # first SQLite release without the WAL-reset corruption
NETWORK_FILE_SYSTEMS = frozenset({"nfs", "nfs4", "cifs", "smb3", "fuse.sshfs", "9p", "glusterfs"})
_mode: ContextVar[str | None] = ContextVar("lab_transaction_mode", default=None)


# -- engines ---------------------------------------------------------------------------------


def engine_options(settings: Settings) -> dict[str, Any]:
    """Options for create_engine. Raises SettingsError where SQLite would not be safe."""
    if not settings.sqlite:
        return {"pool_pre_ping": True, "pool_size": 5, "max_overflow": 15}
    import pysqlite3.dbapi2 as sqlite  # only machines on SQLite need it

    if sqlite.sqlite_version_info < SAFE_WAL:
        raise SettingsError(f"SQLite {sqlite.sqlite_version} 过旧，需要 3.51.3 或更新的版本。")
    refuse_network_folder(Path(settings.database_url.removeprefix("sqlite:///")).parent)
    return {"module": sqlite, "connect_args": {"timeout": 15}}


def refuse_network_folder(folder: Path, mounts: Path = Path("/proc/mounts")) -> None:
    """Refuse a database on a network file system, where SQLite's locks cannot be trusted."""
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
        raise SettingsError("数据库文件夹在网络盘上，SQLite 不能保证安全，请改用本机磁盘。")


def prepare_engine(engine: Engine) -> None:
    """Attach the connection settings and the BEGIN of the portal to an engine."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _sqlite_connect)
        event.listen(engine, "begin", _sqlite_begin)
    else:
        event.listen(engine, "begin", _postgres_begin)


def _sqlite_connect(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions on its own
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
        "trusted_schema=OFF",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _read_only() -> bool:
    mode = _mode.get()
    if mode is not None:
        return mode == "read"
    return has_request_context() and request.method in SAFE_METHODS


def _sqlite_begin(connection: Connection) -> None:
    read = _read_only()
    connection.exec_driver_sql(f"PRAGMA query_only={int(read)}")
    connection.exec_driver_sql("BEGIN" if read else "BEGIN IMMEDIATE")


def _postgres_begin(connection: Connection) -> None:
    if _read_only():
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")


# -- sessions --------------------------------------------------------------------------------


@contextmanager
def _session(mode: str) -> Iterator[Session]:
    token = _mode.set(mode)
    session = Session(db.engine, expire_on_commit=False)
    try:
        yield session
        if mode == "write":
            session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.close()
        _mode.reset(token)


def writing() -> Any:
    """A short transaction of its own, committed at the end; never while another one writes."""
    return _session("write")


def reading() -> Any:
    """A short read-only transaction of its own, for work that must not hold the write lock."""
    return _session("read")


# -- column types ----------------------------------------------------------------------------


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC datetimes. Naive values are refused rather than guessed."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime")
        value = value.astimezone(UTC)
        return value if dialect.name == "postgresql" else value.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Hundredths(TypeDecorator[Decimal]):
    """Decimals with at most two places, kept as integers: scores, yuan, indicator values."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | int | None, dialect: Any) -> int | None:
        if value is None:
            return None
        scaled = Decimal(value) * 100
        if scaled != scaled.to_integral_value():
            raise ValueError(f"{value} has more than two decimals")
        return int(scaled)

    def process_result_value(self, value: int | None, dialect: Any) -> Decimal | None:
        return None if value is None else Decimal(value) / 100


# -- mixins ----------------------------------------------------------------------------------

_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
KEY_LENGTH = 12


def new_key() -> str:
    """A random public key of 12 characters (about 59 bits): tells nothing of order or count."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(KEY_LENGTH))


class Numbered:
    """Integer primary key, for the database only."""

    id: Mapped[int] = mapped_column(Integer, primary_key=True)


class Keyed(Numbered):
    """Has a random public key for addresses."""

    key: Mapped[str] = mapped_column(String(KEY_LENGTH), unique=True, default=new_key)


class Versioned:
    """Refuses lost updates: each write checks and raises `version` (see lab.web.guards)."""

    version: Mapped[int] = mapped_column(Integer, nullable=False, default=1)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)


@event.listens_for(db.Model, "mapper_configured", propagate=True)
def _use_version(mapper: Any, cls: type) -> None:
    if issubclass(cls, Versioned) and mapper.version_id_col is None:
        mapper.version_id_col = mapper.local_table.c.version


class DemoMarked:
    """Where a row comes from: typed in, public report, or invented for demonstration."""

    is_demo: Mapped[bool] = mapped_column(Boolean, nullable=False, default=False)
    source_label: Mapped[str] = mapped_column(String(60), nullable=False, default="")


class StatusWriteRefused(Exception):
    """Somebody wrote `status` past the one door."""


class Stateful:
    """Has a lifecycle. `status` is written by `move` alone; anything else raises."""

    machine: Machine
    status: Mapped[str] = mapped_column(String(24), nullable=False)

    @validates("status")
    def _only_by_the_door(self, _name: str, value: str) -> str:
        if self.__dict__.get("_door") != value:
            raise StatusWriteRefused(f"{type(self).__name__}.status")
        return value

    def begin(self) -> None:
        """Put a new object into the first state of its lifecycle."""
        self._write(self.machine.initial)

    def restore(self, code: str) -> None:
        """Put a new object known only from a public report into the state reported there."""
        if self.machine.state(code) and getattr(self, "source_label", ""):
            self._write(code)
            return
        raise StatusWriteRefused(f"{type(self).__name__} has no source")

    def _write(self, code: str) -> None:
        self.__dict__["_door"] = code
        try:
            self.status = code
        finally:
            del self.__dict__["_door"]


def move(obj: Stateful, act: str, **evidence: Any) -> str:
    """The one door for state: apply `act`, write its evidence columns, return the old state.

    Raises TransitionRefused when the lifecycle has no such row or when evidence is missing.
    """
    step = obj.machine.next(obj.status, act)
    for name, value in evidence.items():
        setattr(obj, name, value)
    missing = [name for name in step.evidence if getattr(obj, name, None) in (None, "")]
    if missing:
        raise TransitionRefused(f"{step.label}还缺少必要内容。")
    old = obj.status
    obj._write(step.target)
    return old


def status_check(machine: Machine) -> CheckConstraint:
    """CHECK that `status` is one of the lifecycle's codes."""
    return one_of("status", machine.codes)


def one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    """CHECK that a text column holds one of these codes (or NULL)."""
    for value in values:
        if not re.fullmatch(r"[A-Za-z0-9_]+", value):
            raise ValueError(value)
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


def evidence_check(
    name: str, states: tuple[str, ...], *columns: str, or_source: bool = False
) -> CheckConstraint:
    """CHECK that in these states the evidence columns are filled.

    `or_source`: a row known only from a public report (source_label) need not have them.
    """
    listed = ", ".join(f"'{state}'" for state in states)
    filled = " AND ".join(f"{column} IS NOT NULL" for column in columns)
    source = " OR source_label <> ''" if or_source else ""
    return CheckConstraint(
        f"status NOT IN ({listed}) OR ({filled}){source}", name=f"{name}_evidence"
    )


class Clash(Exception):
    """The row was changed by somebody else since the form was opened."""

    def __init__(self, obj: Any) -> None:
        super().__init__(type(obj).__name__)
        self.obj = obj


def expect_version(obj: Versioned, version: int | None) -> None:
    """Compare the version a form carried with the row's. Raises Clash when they differ."""
    if version != obj.version:
        raise Clash(obj)


def bump(obj: Versioned) -> None:
    """Mark a row as changed when only its children were, so that its version rises."""
    flag_modified(obj, "version")
