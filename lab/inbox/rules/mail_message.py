"""Compose the e-mail of a letter: subject, body and link. Pure."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from lab.clock import beijing

SENDER_NAME = "数字人民币创新实验室"


@dataclass(frozen=True)
class MailContent:
    """The content of one mail. `message_id` is without brackets and never changes for a mail."""

    sender: str
    to_name: str
    to_address: str
    subject: str
    body: str
    link: str
    message_id: str
    at: datetime


def one_line(text: str) -> str:
    """Return `text` for a header, without characters that could end the line or be invisible."""
    return "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cs", "Zl", "Zp"))


def message_id(letter_key: str, recipient_key: str, sender: str) -> str:
    """Return the fixed id of a letter's mail to one person, at the sender's domain."""
    return f"{letter_key}.{recipient_key}@{sender.rpartition('@')[2]}"


def compose(mail: MailContent) -> bytes:
    """Return the mail as bytes with CRLF line ends. Raises ValueError for an invalid address."""
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(SENDER_NAME, addr_spec=mail.sender)
    message["To"] = Address(one_line(mail.to_name), addr_spec=mail.to_address)
    message["Subject"] = one_line(mail.subject)
    message["Date"] = beijing(mail.at)
    message["Message-ID"] = f"<{mail.message_id}>"
    message["Auto-Submitted"] = "auto-generated"
    # base64: no line of Chinese text is too long for a server, none begins with a point.
    message.set_content(f"{mail.body}\n\n{mail.link}\n", charset="utf-8", cte="base64")
    return message.as_bytes()
