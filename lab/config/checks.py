"""Validators for single settings.

Each returns the clean value or raises SettingsError with a Chinese sentence that names the setting.
"""

from __future__ import annotations

import ipaddress
import os
import re
import secrets
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from lab.filesystem import ROOT, write_once

WEAK_SECRET_LENGTH, WEAK_SECRET_VARIETY = 32, 10
POSTGRES_PREFIXES = ("postgresql+psycopg://", "postgresql://", "postgres://")
SQLITE_PREFIX = "sqlite:///"
_MAIL_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]{1,64}@([A-Za-z0-9-]{1,63}\.)*[A-Za-z0-9-]{1,63}")
_HOST_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9-]+)*")


class SettingsError(Exception):
    """A setting is missing or wrong; the message is a plain Chinese sentence that names it."""


def choice(name: str, value: str, allowed: tuple[str, ...]) -> str:
    """Require one of the allowed values."""
    if value not in allowed:
        raise SettingsError(f"设置 {name} 的值“{value}”不对，只能是：{'、'.join(allowed)}。")
    return value


def integer(name: str, value: str, low: int, high: int) -> int:
    """Parse an integer from `low` to `high`, both inclusive."""
    if not value.isascii() or not value.isdigit() or not low <= int(value) <= high:
        raise SettingsError(f"设置 {name} 的值“{value}”不对，应为 {low} 到 {high} 的整数。")
    return int(value)


def host(name: str, value: str) -> str:
    """Require an IP address or a host name, without port or scheme."""
    try:
        return str(ipaddress.ip_address(value))
    except ValueError:
        if _HOST_NAME.fullmatch(value) and not re.fullmatch(r"[\d.]+", value):
            return value
    raise SettingsError(f"设置 {name} 的值“{value}”不对，应为 IP 地址或主机名，如 127.0.0.1。")


def hosts(name: str, value: str) -> tuple[str, ...]:
    """Parse comma-separated IP addresses and host names; empty for none."""
    return tuple(host(name, part.strip()) for part in value.split(",") if part.strip())


def optional(check: Callable[[str, str], str], name: str, value: str) -> str:
    """Return "" for an empty value, else what `check` returns."""
    return check(name, value) if value else ""


def mail_address(name: str, value: str) -> str:
    """Require a plain e-mail address without a display name."""
    if not _MAIL_ADDRESS.fullmatch(value):
        raise SettingsError(f"设置 {name} 的值“{value}”不对，应为邮箱地址，如 lab@example.cn。")
    return value


def base_url(name: str, value: str) -> str:
    """Require the URL under which people reach the portal; return it without a trailing slash."""
    parts = urlsplit(value)
    base = not (parts.query or parts.fragment or parts.username) and value.isprintable()
    if parts.scheme not in ("http", "https") or not parts.hostname or not base or " " in value:
        raise SettingsError(f"设置 {name} 的值“{value}”不对，应如 https://lab.example.cn。")
    return value.rstrip("/")


def is_loopback(address: str) -> bool:
    """Return whether a server on this address is reachable from this machine only."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return address == "localhost"


def folder(name: str, value: str, *, make: bool) -> Path:
    """Return an existing folder (created with owner-only access if `make`).

    Relative to the project.
    """
    path = Path(value) if Path(value).is_absolute() else ROOT / value
    try:
        if make:
            path.mkdir(parents=True, exist_ok=True, mode=0o700)
        usable = path.is_dir() and (not make or os.access(path, os.W_OK | os.X_OK))
    except OSError:
        usable = False
    if not usable:
        reason = "不能建立或写入" if make else "不存在"
        raise SettingsError(f"设置 {name} 指的文件夹“{value}”{reason}。")
    return path


def backup_folder(name: str, value: str, instance: Path) -> Path | None:
    """Return a folder outside the instance folder, created if needed; None for an empty value."""
    if not value:
        return None
    path = folder(name, value, make=True)
    if path.resolve().is_relative_to(instance.resolve()):
        raise SettingsError(f"设置 {name} 指的文件夹不能在数据文件夹（LAB_INSTANCE）里面。")
    return path


def _persisted_secret(instance: Path, name: str) -> str:
    """Return a random secret that is generated once and stored in the instance folder.

    Demonstration only.
    """
    path = instance / f"{name.lower()}.txt"
    if not path.exists():
        write_once(path, secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii").strip()


def secret(name: str, value: str, instance: Path, *, allow_generated: bool) -> str:
    """Require a strong secret.

    When none is given and `allow_generated`, use the instance folder's own.
    """
    if not value and allow_generated:
        return _persisted_secret(instance, name)
    if not value:
        raise SettingsError(f"生产模式必须给出设置 {name}（至少 32 个随机字符）。")
    if len(value) < WEAK_SECRET_LENGTH or len(set(value)) < WEAK_SECRET_VARIETY:
        raise SettingsError(f"设置 {name} 太弱，至少要 32 个字符且不能单调重复。")
    return value


def database(name: str, value: str, instance: Path) -> str:
    """Return the SQLAlchemy URL: SQLite in the instance folder, a SQLite file, or PostgreSQL."""
    if not value:
        return f"{SQLITE_PREFIX}{instance / 'lab.db'}"
    if value.startswith(SQLITE_PREFIX):
        return _sqlite(name, value)
    for prefix in POSTGRES_PREFIXES:
        if value.startswith(prefix):
            return _postgres(name, POSTGRES_PREFIXES[0] + value.removeprefix(prefix))
    raise SettingsError(f"设置 {name} 只认 sqlite:/// 和 postgresql:// 两种开头。")


def _sqlite(name: str, url: str) -> str:
    path = Path(url.removeprefix(SQLITE_PREFIX))
    if not path.is_absolute() or "?" in url:
        raise SettingsError(f"设置 {name} 应写数据库文件的完整路径，如 sqlite:////srv/lab/lab.db。")
    if not path.parent.is_dir():
        raise SettingsError(f"设置 {name} 指的文件夹“{path.parent}”不存在。")
    return url


def _postgres(name: str, url: str) -> str:
    try:
        has_database = bool(make_url(url).database)
    except (ArgumentError, ValueError):
        has_database = False
    if not has_database:
        raise SettingsError(f"设置 {name} 写法不对，应如 postgresql://用户:密码@主机:5432/库名。")
    return url


def redis(name: str, value: str) -> str:
    """Require a Redis URL, or empty."""
    if value and not value.startswith(("redis://", "rediss://", "unix://")):
        raise SettingsError(f"设置 {name} 应以 redis://、rediss:// 或 unix:// 开头。")
    return value
