"""Real mail servers on a free port of this machine, which behave as a test says."""

from __future__ import annotations

import asyncio
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session

from tests.support.servers.portal_server import free_port

USER, PASSWORD = "lab", "geheim-2022"


@dataclass
class Post:
    """What the server took, and how it is to answer: `script` holds one answer for each step."""

    taken: list[Envelope] = field(default_factory=list)
    rcpt: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    stalled: threading.Event = field(default_factory=threading.Event)

    async def handle_RCPT(
        self, server: Any, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        answer = await self._next(self.rcpt)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, _session: Session, envelope: Envelope) -> str:
        answer = await self._next(self.text)
        if answer in ("cut", "taken and cut"):
            if answer != "cut":
                self.taken.append(envelope)
            server.transport.abort()
            return "250 nobody hears this"
        if answer.startswith("250"):
            self.taken.append(envelope)
        return answer

    async def _next(self, script: list[str]) -> str:
        """The next answer of a script; "stall" keeps the client waiting."""
        answer = script.pop(0) if script else "250 OK"
        if answer == "stall":
            self.stalled.set()
            await asyncio.sleep(60)
        return answer

    def messages(self) -> list[EmailMessage]:
        """The mails as a mail program reads them."""
        raw = [envelope.original_content or b"" for envelope in self.taken]
        return [message_from_bytes(data, policy=policy.default) for data in raw]  # type: ignore[misc]


def _login(_server: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> AuthResult:
    known = (USER.encode(), PASSWORD.encode())
    right = isinstance(given, LoginPassword) and (given.login, given.password) == known
    return AuthResult(success=right, handled=False)


def certificate(folder: Path) -> tuple[Path, Path]:
    """A self-signed certificate of 127.0.0.1 and its key."""
    cert, key = folder / "mail.pem", folder / "mail.key"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
            *("-nodes", "-days", "3", "-subj", "/CN=127.0.0.1"),
            *("-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(cert)),
        ],
        check=True,
        capture_output=True,
    )
    return cert, key


@contextmanager
def mail_server(
    port: int = 0, cert: tuple[Path, Path] | None = None, *, tls: bool = False
) -> Iterator[tuple[Post, int]]:
    """A running server and its port; with a certificate it wants STARTTLS and a sign-in, with
    `tls` it is encrypted from the first byte."""
    post: Post = Post()
    extra: dict[str, Any] = {}
    if cert is not None:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(*map(str, cert))
        extra = {
            "tls_context": context,
            "require_starttls": True,
            "authenticator": _login,
            "auth_required": True,
        }
        if tls:
            extra = {"ssl_context": context}
    port = port or free_port()
    controller = Controller(post, hostname="127.0.0.1", port=port, **extra)
    controller.start()
    try:
        yield post, port
    finally:
        controller.stop()
