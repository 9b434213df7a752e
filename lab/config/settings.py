"""Settings of the portal: one table, read from the environment, validated once at start-up."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lab.config import checks as check
from lab.config.checks import SettingsError

__all__ = ["TABLE", "Setting", "Settings", "SettingsError", "load_settings"]

PRODUCTION, DEMONSTRATION = "production", "demonstration"
WEB_THREADS = 4  # of each web server process
WAITING_WRITERS = WEB_THREADS - 2  # so many may wait for the write lock: the rest can read
DEBUG_OFF = ("", "0", "false", "no")  # as Flask reads them


@dataclass(frozen=True)
class Setting:
    """One row of the settings table: environment variable, default, description."""

    name: str
    default: str
    description: str


TABLE: tuple[Setting, ...] = (
    Setting("LAB_MODE", DEMONSTRATION, "demonstration or production"),
    Setting("LAB_INSTANCE", "instance", "folder for the database, uploads, reports and keys"),
    Setting(
        "LAB_DATABASE_URL",
        "",
        "empty: SQLite in the instance folder; else sqlite:////… or postgresql://…",
    ),
    Setting("LAB_HOST", "127.0.0.1", "address the web server listens on"),
    Setting("LAB_PORT", "8000", "port the web server listens on, 1 to 65535"),
    Setting("LAB_WEB_WORKERS", "2", "web server processes, 1 to 32"),
    Setting("LAB_SECRET_KEY", "", "signs cookies and forms; at least 32 characters in production"),
    Setting("LAB_AUDIT_KEY", "", "keys the audit chain; at least 32 characters in production"),
    Setting("LAB_REDIS_URL", "", "empty: queue in SQLite; or a Redis URL for several machines"),
    Setting(
        "LAB_SHARED_INSTANCE",
        "0",
        "1: several machines share the instance folder; wants PostgreSQL, and LAB_REDIS_URL or "
        "LAB_QUEUE_DIR",
    ),
    Setting(
        "LAB_QUEUE_DIR",
        "",
        "folder on the machine's own disk for the queue in SQLite; empty: the instance folder",
    ),
    Setting("LAB_FONT_DIR", "", "folder with the official fonts, if the institution owns them"),
    Setting("LAB_TRUSTED_PROXIES", "0", "reverse proxies in front of the portal, 0 to 3"),
    Setting(
        "LAB_SECURE_COOKIES",
        "",
        "1 or 0; empty: on, but off for a demonstration on this machine only",
    ),
    Setting("LAB_PASSWORD_PROFILE", "dengbao", "dengbao or asvs"),
    Setting("LAB_IDLE_MINUTES", "30", "sign-in ends after so many idle minutes, 1 to 240"),
    Setting("LAB_UPLOAD_LIMIT_MB", "10", "largest attachment in MB, 1 to 50"),
    Setting("LAB_RENDER_SECONDS", "60", "longest time one PDF may take, 5 to 600"),
    Setting("LAB_RENDER_MEMORY_MB", "1500", "memory one PDF may take, 300 to 8000"),
    Setting(
        "LAB_BACKUP_DIR", "", "empty: no daily backup; or the folder it goes to, seven are kept"
    ),
    Setting("LAB_SMTP_HOST", "", "mail server; empty: letters stay inside the portal"),
    Setting("LAB_SMTP_PORT", "25", "port of the mail server, 1 to 65535"),
    Setting("LAB_SMTP_SECURITY", "none", "none, starttls or tls"),
    Setting("LAB_SMTP_USER", "", "sign-in at the mail server, if it wants one"),
    Setting("LAB_SMTP_PASSWORD", "", "its password"),
    Setting("LAB_SMTP_FROM", "", "address that mails come from; needed with a mail server"),
    Setting(
        "LAB_BASE_URL",
        "",
        "address under which people reach the portal, as in links and QR codes; needed in "
        "production and with a mail server",
    ),
    Setting(
        "LAB_ALLOWED_HOSTS",
        "",
        "further names or IP addresses under which the portal answers, with commas between",
    ),
    Setting("LAB_LOG_LEVEL", "INFO", "DEBUG, INFO, WARNING or ERROR"),
)


@dataclass(frozen=True)
class Settings:
    """Validated settings. Sizes in bytes, durations in the unit that the name gives."""

    mode: str
    instance: Path
    database_url: str
    host: str
    port: int
    web_workers: int
    secret_key: str
    audit_key: str
    redis_url: str
    shared_instance: bool
    queue_dir: Path
    font_dir: Path | None
    trusted_proxies: int
    secure_cookies: bool
    password_profile: str
    idle_minutes: int
    upload_limit_bytes: int
    render_seconds: int
    render_memory_mb: int
    backup_dir: Path | None
    smtp_host: str
    smtp_port: int
    smtp_security: str
    smtp_user: str
    smtp_password: str
    smtp_from: str
    base_url: str
    allowed_hosts: tuple[str, ...]
    log_level: str

    @property
    def production(self) -> bool:
        return self.mode == PRODUCTION

    @property
    def public_url(self) -> str:
        """The URL under which people reach the portal, for absolute links; no trailing slash.

        Empty in production while LAB_BASE_URL is missing; then only commands run.
        """
        return self.base_url or ("" if self.production else self.local_url)

    @property
    def local_url(self) -> str:
        """The URL under which a browser on this machine reaches the portal."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    @property
    def sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def sqlite_file(self) -> Path | None:
        """The database file on SQLite, None on PostgreSQL."""
        return Path(self.database_url.removeprefix(check.SQLITE_PREFIX)) if self.sqlite else None


def _reject_unknown(environ: Mapping[str, str]) -> None:
    setting_names = {row.name for row in TABLE}
    unknown = sorted(key for key in environ if key.startswith("LAB_") and key not in setting_names)
    if unknown:
        raise SettingsError(f"不认识的设置：{'、'.join(unknown)}。请对照文档中的设置表。")


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read and validate every setting.

    Raises SettingsError with a sentence naming the wrong one.
    """
    environ = os.environ if environ is None else environ
    _reject_unknown(environ)
    value = {row.name: environ.get(row.name, "").strip() or row.default for row in TABLE}
    mode = check.choice("LAB_MODE", value["LAB_MODE"], (DEMONSTRATION, PRODUCTION))
    if mode == PRODUCTION and environ.get("FLASK_DEBUG", "0").lower() not in DEBUG_OFF:
        raise SettingsError("生产模式不能打开调试（FLASK_DEBUG）。")
    instance = check.folder("LAB_INSTANCE", value["LAB_INSTANCE"], make=True)
    settings = _settings(value, mode, instance)
    _reject_bad_combinations(settings)
    return settings


def _settings(value: Mapping[str, str], mode: str, instance: Path) -> Settings:
    def number(name: str, low: int, high: int) -> int:
        return check.integer(name, value[name], low, high)

    def secret(name: str) -> str:
        return check.secret(name, value[name], instance, allow_generated=mode == DEMONSTRATION)

    def choice(name: str, *allowed: str) -> str:
        return check.choice(name, value[name], allowed)

    fonts, queue = value["LAB_FONT_DIR"], value["LAB_QUEUE_DIR"]
    host = check.host("LAB_HOST", value["LAB_HOST"])
    secure = "0" if mode == DEMONSTRATION and check.is_loopback(host) else "1"
    secure = value["LAB_SECURE_COOKIES"] or secure
    return Settings(
        mode=mode,
        instance=instance,
        database_url=check.database("LAB_DATABASE_URL", value["LAB_DATABASE_URL"], instance),
        host=host,
        port=number("LAB_PORT", 1, 65535),
        web_workers=number("LAB_WEB_WORKERS", 1, 32),
        secret_key=secret("LAB_SECRET_KEY"),
        audit_key=secret("LAB_AUDIT_KEY"),
        redis_url=check.redis("LAB_REDIS_URL", value["LAB_REDIS_URL"]),
        shared_instance=choice("LAB_SHARED_INSTANCE", "0", "1") == "1",
        queue_dir=check.folder("LAB_QUEUE_DIR", queue, make=True) if queue else instance,
        font_dir=check.folder("LAB_FONT_DIR", fonts, make=False) if fonts else None,
        trusted_proxies=number("LAB_TRUSTED_PROXIES", 0, 3),
        secure_cookies=check.choice("LAB_SECURE_COOKIES", secure, ("0", "1")) == "1",
        password_profile=choice("LAB_PASSWORD_PROFILE", "dengbao", "asvs"),
        idle_minutes=number("LAB_IDLE_MINUTES", 1, 240),
        upload_limit_bytes=number("LAB_UPLOAD_LIMIT_MB", 1, 50) * 1024 * 1024,
        render_seconds=number("LAB_RENDER_SECONDS", 5, 600),
        render_memory_mb=number("LAB_RENDER_MEMORY_MB", 300, 8000),
        backup_dir=check.backup_folder("LAB_BACKUP_DIR", value["LAB_BACKUP_DIR"], instance),
        smtp_host=check.optional(check.host, "LAB_SMTP_HOST", value["LAB_SMTP_HOST"]),
        smtp_port=number("LAB_SMTP_PORT", 1, 65535),
        smtp_security=choice("LAB_SMTP_SECURITY", "none", "starttls", "tls"),
        smtp_user=value["LAB_SMTP_USER"],
        smtp_password=value["LAB_SMTP_PASSWORD"],
        smtp_from=check.optional(check.mail_address, "LAB_SMTP_FROM", value["LAB_SMTP_FROM"]),
        base_url=check.optional(check.base_url, "LAB_BASE_URL", value["LAB_BASE_URL"]),
        allowed_hosts=check.hosts("LAB_ALLOWED_HOSTS", value["LAB_ALLOWED_HOSTS"]),
        log_level=choice("LAB_LOG_LEVEL", "DEBUG", "INFO", "WARNING", "ERROR"),
    )


def require_address(settings: Settings) -> None:
    """Raise SettingsError when the portal would serve without a base URL.

    Commands run without one, so that an older installation can be upgraded first.
    """
    if settings.production and not settings.base_url:
        raise SettingsError(
            "生产模式必须给出设置 LAB_BASE_URL，即门户的完整网址，如 https://lab.example.cn。"
        )


def _reject_bad_combinations(settings: Settings) -> None:
    """Reject settings that are valid alone but not together."""
    _reject_partial_mail_settings(settings)
    _reject_shared_sqlite(settings)
    if not settings.production:
        return
    if not settings.secure_cookies:
        raise SettingsError("生产模式必须使用加密连接，LAB_SECURE_COOKIES 不能为 0。")
    if settings.secret_key == settings.audit_key:
        raise SettingsError("LAB_SECRET_KEY 与 LAB_AUDIT_KEY 不能相同，请分别生成。")


def _reject_shared_sqlite(settings: Settings) -> None:
    """Reject SQLite or its queue on a shared folder: its locks work on one machine only."""
    if not settings.shared_instance:
        return
    if settings.sqlite:
        raise SettingsError(
            "多台机器共用数据文件夹（LAB_SHARED_INSTANCE=1）时，"
            "LAB_DATABASE_URL 应为 postgresql:// 开头的地址，不能使用 SQLite。"
        )
    if not settings.redis_url and settings.queue_dir == settings.instance:
        raise SettingsError(
            "多台机器共用数据文件夹（LAB_SHARED_INSTANCE=1）时，还须给出 LAB_REDIS_URL，"
            "或用 LAB_QUEUE_DIR 指定本机磁盘上的文件夹。"
        )


def _reject_partial_mail_settings(settings: Settings) -> None:
    if bool(settings.smtp_user) != bool(settings.smtp_password):
        raise SettingsError("LAB_SMTP_USER 与 LAB_SMTP_PASSWORD 应同时填写或同时留空。")
    if settings.smtp_host and not (settings.smtp_from and settings.base_url):
        raise SettingsError("填写了 LAB_SMTP_HOST，还须填写 LAB_SMTP_FROM 和 LAB_BASE_URL。")
    open_line = settings.smtp_security == "none" and not check.is_loopback(settings.smtp_host)
    if settings.production and settings.smtp_user and open_line:
        raise SettingsError("邮件密码不能明文传输，LAB_SMTP_SECURITY 应为 starttls 或 tls。")
