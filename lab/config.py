"""Settings of the portal: one table, read from the environment, checked once at start."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PRODUCTION, DEMONSTRATION = "production", "demonstration"
WEAK_SECRET_LENGTH = 32


class SettingsError(Exception):
    """A setting is missing or wrong; the message is a plain Chinese sentence naming it."""


@dataclass(frozen=True)
class Setting:
    """One row of the settings table: environment name, default, what it does."""

    name: str
    default: str
    about: str


TABLE: tuple[Setting, ...] = (
    Setting("LAB_MODE", DEMONSTRATION, "demonstration or production"),
    Setting("LAB_INSTANCE", "instance", "folder for the database, uploads, reports and keys"),
    Setting("LAB_DATABASE_URL", "", "empty: SQLite in the instance folder; or a PostgreSQL URL"),
    Setting("LAB_HOST", "127.0.0.1", "address the web server listens on"),
    Setting("LAB_PORT", "8000", "port the web server listens on, 1 to 65535"),
    Setting("LAB_WEB_WORKERS", "2", "web server processes, 1 to 32"),
    Setting("LAB_SECRET_KEY", "", "signs cookies and forms; at least 32 characters in production"),
    Setting("LAB_AUDIT_KEY", "", "keys the audit chain; at least 32 characters in production"),
    Setting("LAB_REDIS_URL", "", "empty: queue in SQLite; or a Redis URL for several machines"),
    Setting("LAB_FONT_DIR", "", "folder with the official fonts, if the institution owns them"),
    Setting("LAB_TRUSTED_PROXIES", "0", "reverse proxies in front of the portal, 0 to 3"),
    Setting("LAB_SECURE_COOKIES", "", "1 or 0; empty: on in production, off in demonstration"),
    Setting("LAB_PASSWORD_PROFILE", "dengbao", "dengbao or asvs"),
    Setting("LAB_IDLE_MINUTES", "30", "sign-in ends after so many idle minutes, 1 to 240"),
    Setting("LAB_UPLOAD_LIMIT_MB", "10", "largest attachment in MB, 1 to 50"),
    Setting("LAB_RENDER_SECONDS", "60", "longest time one PDF may take, 5 to 600"),
    Setting("LAB_RENDER_MEMORY_MB", "1500", "memory one PDF may take, 300 to 8000"),
    Setting("LAB_LOG_LEVEL", "INFO", "DEBUG, INFO, WARNING or ERROR"),
)


@dataclass(frozen=True)
class Settings:
    """Checked settings. Sizes in bytes, durations in the unit their name says."""

    mode: str
    instance: Path
    database_url: str
    host: str
    port: int
    web_workers: int
    secret_key: str
    audit_key: str
    redis_url: str
    font_dir: Path | None
    trusted_proxies: int
    secure_cookies: bool
    password_profile: str
    idle_minutes: int
    upload_limit_bytes: int
    render_seconds: int
    render_memory_mb: int
    log_level: str

    @property
    def production(self) -> bool:
        return self.mode == PRODUCTION

    @property
    def sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")


def _choice(name: str, value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise SettingsError(f"设置 {name} 的值“{value}”不对，只能是：{'、'.join(allowed)}。")
    return value


def _integer(name: str, value: str, low: int, high: int) -> int:
    if not value.isascii() or not value.isdigit() or not low <= int(value) <= high:
        raise SettingsError(f"设置 {name} 的值“{value}”不对，应为 {low} 到 {high} 的整数。")
    return int(value)


def _folder(name: str, value: str, *, make: bool) -> Path:
    path = Path(value) if Path(value).is_absolute() else ROOT / value
    if make:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.is_dir():
        raise SettingsError(f"设置 {name} 指的文件夹“{value}”不存在。")
    return path


def _kept_secret(instance: Path, name: str) -> str:
    """A random secret made once and kept in the instance folder; demonstration only."""
    path = instance / f"{name.lower()}.txt"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii").strip()


def _secret(name: str, value: str, mode: str, instance: Path) -> str:
    if value:
        if len(value) < WEAK_SECRET_LENGTH or len(set(value)) < 10:
            raise SettingsError(f"设置 {name} 太弱，至少要 32 个字符且不能单调重复。")
        return value
    if mode == PRODUCTION:
        raise SettingsError(f"生产模式必须给出设置 {name}（至少 32 个随机字符）。")
    return _kept_secret(instance, name)


def _database(value: str, instance: Path) -> str:
    if not value:
        return f"sqlite:///{instance / 'lab.db'}"
    if value.startswith("sqlite:///"):
        return value
    for prefix in ("postgresql+psycopg://", "postgresql://", "postgres://"):
        if value.startswith(prefix):
            return "postgresql+psycopg://" + value.removeprefix(prefix)
    raise SettingsError("设置 LAB_DATABASE_URL 只认 sqlite:/// 和 postgresql:// 两种开头。")


def _redis(value: str) -> str:
    if value and not value.startswith(("redis://", "rediss://", "unix://")):
        raise SettingsError("设置 LAB_REDIS_URL 应以 redis://、rediss:// 或 unix:// 开头。")
    return value


def _refuse_unknown(environ: Mapping[str, str]) -> None:
    known = {row.name for row in TABLE}
    unknown = sorted(key for key in environ if key.startswith("LAB_") and key not in known)
    if unknown:
        raise SettingsError(f"不认识的设置：{'、'.join(unknown)}。请对照文档中的设置表。")


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read and check every setting. Raises SettingsError with a sentence naming the wrong one."""
    environ = os.environ if environ is None else environ
    _refuse_unknown(environ)
    value = {row.name: environ.get(row.name, "").strip() or row.default for row in TABLE}
    mode = _choice("LAB_MODE", value["LAB_MODE"], (DEMONSTRATION, PRODUCTION))
    if mode == PRODUCTION and environ.get("FLASK_DEBUG", "0") not in ("", "0"):
        raise SettingsError("生产模式不能打开调试（FLASK_DEBUG）。")
    instance = _folder("LAB_INSTANCE", value["LAB_INSTANCE"], make=True)
    secure = value["LAB_SECURE_COOKIES"] or ("1" if mode == PRODUCTION else "0")
    number: Callable[[str, int, int], int] = lambda n, lo, hi: _integer(n, value[n], lo, hi)  # noqa: E731
    return Settings(
        mode=mode,
        instance=instance,
        database_url=_database(value["LAB_DATABASE_URL"], instance),
        host=value["LAB_HOST"],
        port=number("LAB_PORT", 1, 65535),
        web_workers=number("LAB_WEB_WORKERS", 1, 32),
        secret_key=_secret("LAB_SECRET_KEY", value["LAB_SECRET_KEY"], mode, instance),
        audit_key=_secret("LAB_AUDIT_KEY", value["LAB_AUDIT_KEY"], mode, instance),
        redis_url=_redis(value["LAB_REDIS_URL"]),
        font_dir=_folder("LAB_FONT_DIR", value["LAB_FONT_DIR"], make=False)
        if value["LAB_FONT_DIR"]
        else None,
        trusted_proxies=number("LAB_TRUSTED_PROXIES", 0, 3),
        secure_cookies=_choice("LAB_SECURE_COOKIES", secure, ("0", "1")) == "1",
        password_profile=_choice(
            "LAB_PASSWORD_PROFILE", value["LAB_PASSWORD_PROFILE"], ("dengbao", "asvs")
        ),
        idle_minutes=number("LAB_IDLE_MINUTES", 1, 240),
        upload_limit_bytes=number("LAB_UPLOAD_LIMIT_MB", 1, 50) * 1024 * 1024,
        render_seconds=number("LAB_RENDER_SECONDS", 5, 600),
        render_memory_mb=number("LAB_RENDER_MEMORY_MB", 300, 8000),
        log_level=_choice("LAB_LOG_LEVEL", value["LAB_LOG_LEVEL"], ("DEBUG", "INFO", "WARNING", "ERROR")),
    )


def setting_names() -> tuple[str, ...]:
    """Field names of Settings in order, for the documentation test."""
    return tuple(field.name for field in fields(Settings))
