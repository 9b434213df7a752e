"""The configured mail server: identity, pauses, delivery."""

from __future__ import annotations

from collections.abc import Callable

from flask import current_app

from lab import clock
from lab.config.settings import Settings
from lab.inbox.mail import smtp
from lab.inbox.rules.backoff import ServerPause


def server_pause() -> ServerPause:
    """Return this process's pause for the mail server."""
    stored: ServerPause = current_app.extensions.setdefault("mail_pause", ServerPause())
    return stored


def sender() -> str:
    """Return the sender address of mails."""
    return _settings().smtp_from


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


def server() -> smtp.Server:
    """Return where mails are delivered, and as whom."""
    settings = _settings()
    return smtp.Server(
        settings.smtp_host,
        settings.smtp_port,
        settings.smtp_security,
        settings.smtp_user,
        settings.smtp_password,
        settings.smtp_from,
    )


def portal_url(path: str) -> str:
    """Return the absolute address of a portal page, for a mail."""
    return f"{_settings().base_url}{path}"


def hand_over(to: str, data: bytes, before_text: Callable[[], None]) -> smtp.SmtpResult | None:
    """Deliver a mail that is no letter; None while the server is paused."""
    if not server_pause().is_over(clock.now()):
        return None
    answer = smtp.send(server(), to, data, before_text)
    server_pause().record(answer.reached, clock.now())
    return answer
