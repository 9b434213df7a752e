"""The mail server of the settings: as whom it is reached and left alone, handing mails over."""

from __future__ import annotations

from collections.abc import Callable

from flask import current_app

from lab import clock
from lab.config.settings import Settings
from lab.inbox.mail import smtp
from lab.inbox.rules.backoff import ServerPause


def server_pause() -> ServerPause:
    """How long this process leaves the mail server in peace."""
    stored: ServerPause = current_app.extensions.setdefault("mail_pause", ServerPause())
    return stored


def sender() -> str:
    """The address that mails come from."""
    return _settings().smtp_from


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


def server() -> smtp.Server:
    """Where mails are handed over, and as whom."""
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
    """The address of a page of the portal, for a mail."""
    return f"{_settings().base_url}{path}"


def hand_over(to: str, data: bytes, before_text: Callable[[], None]) -> smtp.SmtpResult | None:
    """Hand over a mail that is no letter; None while the server is left in peace."""
    if not server_pause().is_over(clock.now()):
        return None
    answer = smtp.send(server(), to, data, before_text)
    server_pause().record(answer.reached, clock.now())
    return answer
