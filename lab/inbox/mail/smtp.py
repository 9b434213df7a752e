"""One conversation with the mail server. Knows nothing of the database.

It reports only whether the mail was accepted, deferred, rejected, or uncertain.
"""

from __future__ import annotations

import contextlib
import re
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass

DELIVERED, LATER, REFUSED, UNCLEAR = "delivered", "later", "refused", "unclear"
# Seconds for one step, and for the answer to the text. All steps together stay below the lease.
STEP_SECONDS, TEXT_SECONDS = 20, 60
SMTP_ERRORS = (OSError, smtplib.SMTPException)


@dataclass(frozen=True)
class Server:
    """A server that mails are delivered to. `security` is none, starttls or tls."""

    host: str
    port: int
    security: str
    user: str
    password: str
    sender: str


@dataclass(frozen=True)
class SmtpResult:
    """An outcome, and the reason of a failure as a Chinese sentence.

    `reached` is False when there was no conversation or the server stopped answering: trying the
    next mail is pointless.
    """

    kind: str
    message: str = ""
    reached: bool = True


def send(server: Server, to: str, data: bytes, before_text: Callable[[], None]) -> SmtpResult:
    """Deliver one mail. `before_text` is called when the server is ready for the text.

    From then on only its answer tells whether it accepted the mail.
    """
    try:
        link = _connect(server)
    except smtplib.SMTPAuthenticationError as error:
        return SmtpResult(LATER, f"邮件服务器不接受登录（{error.smtp_code}）。", False)
    except smtplib.SMTPNotSupportedError:
        return SmtpResult(LATER, "邮件服务器不支持所设置的加密或登录方式。", False)
    except ssl.SSLError:
        return SmtpResult(LATER, "与邮件服务器的加密连接没有建立，请检查证书。", False)
    except SMTP_ERRORS:
        return SmtpResult(LATER, "连接不上邮件服务器。", False)
    answer = SmtpResult(UNCLEAR)
    try:
        answer = _hand_over(link, server.sender, to, data, before_text)
    finally:
        _close(link, polite=answer.kind != UNCLEAR)
    return answer


def _connect(server: Server) -> smtplib.SMTP:
    own_name = server.sender.rpartition("@")[2]
    link: smtplib.SMTP
    if server.security == "tls":
        link = smtplib.SMTP_SSL(
            server.host,
            server.port,
            own_name,
            timeout=STEP_SECONDS,
            context=ssl.create_default_context(),
        )
    else:
        link = smtplib.SMTP(server.host, server.port, own_name, timeout=STEP_SECONDS)
    try:
        if server.security == "starttls":
            link.starttls(context=ssl.create_default_context())
        link.ehlo_or_helo_if_needed()
        if server.user:
            link.login(server.user, server.password)
    except BaseException:
        link.close()
        raise
    return link


def _hand_over(
    link: smtplib.SMTP, sender: str, to: str, data: bytes, before_text: Callable[[], None]
) -> SmtpResult:
    try:
        failed = _envelope(link, sender, to)
    except SMTP_ERRORS as error:
        message = "与邮件服务器的连接中断，邮件还没有交出。"
        return SmtpResult(LATER, message, not _timed_out(error))
    if failed is not None:
        return failed
    before_text()
    try:
        return _text(link, data)
    except SMTP_ERRORS as error:
        message = "邮件已交出，没有等到邮件服务器的回答，不能确定是否送达。"
        return SmtpResult(UNCLEAR, message, not _timed_out(error))


def _timed_out(error: BaseException) -> bool:
    """Return whether the server timed out, which smtplib also reports as a lost connection."""
    return isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError)


def _envelope(link: smtplib.SMTP, sender: str, to: str) -> SmtpResult | None:
    """Send sender, recipient and DATA; return None when the text may follow.

    A rejected sender is a matter of the settings, not of the letter: it is retried.
    """
    code, reply = link.mail(sender)
    if code != 250:
        return SmtpResult(LATER, f"邮件服务器不接受发件地址（{_server_text(code, reply)}）。")
    code, reply = link.rcpt(to)
    if code not in (250, 251):
        kind = REFUSED if code >= 500 else LATER
        return SmtpResult(kind, f"邮件服务器不接受收件地址（{_server_text(code, reply)}）。")
    return _classify(*link.docmd("DATA"), expected_code=354)


def _text(link: smtplib.SMTP, data: bytes) -> SmtpResult:
    if link.sock is not None:
        link.sock.settimeout(TEXT_SECONDS)
    stuffed = re.sub(rb"(?m)^\.", b"..", data)
    link.send(stuffed + (b"" if stuffed.endswith(b"\r\n") else b"\r\n") + b".\r\n")
    return _classify(*link.getreply(), expected_code=250) or SmtpResult(DELIVERED)


def _classify(code: int, reply: bytes, *, expected_code: int) -> SmtpResult | None:
    if code == expected_code:
        return None
    kind = REFUSED if code >= 500 else LATER
    return SmtpResult(kind, f"邮件服务器没有接收（{_server_text(code, reply)}）。")


def _server_text(code: int, reply: bytes) -> str:
    """Return the code of an answer and its displayable text."""
    text = "".join(c for c in reply.decode("utf-8", "replace") if c.isprintable() and c != "�")
    return f"{code} {text[:100]}".strip()


def _close(link: smtplib.SMTP, *, polite: bool) -> None:
    """Close the connection; a server still waiting for text would take QUIT for part of it."""
    if polite and link.sock is not None:
        with contextlib.suppress(*SMTP_ERRORS):
            link.sock.settimeout(STEP_SECONDS)
            link.quit()
    link.close()
