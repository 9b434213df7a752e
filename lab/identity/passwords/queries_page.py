"""Reads for the page of a forgotten password."""

from __future__ import annotations

from dataclasses import dataclass

from lab.identity.core import account_mail

# Nobody is known here: every kind of account is named.
OTHERWISE = (
    "申报人和评委请与实施办公室联系，由办公室重置密码。其他人员请与系统管理员联系，"
    "没有其他系统管理员的请与服务器管理员联系。"
)
CONTACT_NOTE = f"系统没有设置邮件服务器，{OTHERWISE}"


@dataclass(frozen=True)
class ForgottenPage:
    """A page that sends a link.

    `asked`: a link was just asked for; `otherwise` says what to do when none arrives.
    `contact_note` stands in place of the form where no mail is sent, "" where it is.
    """

    asked: bool
    otherwise: str
    contact_note: str


def forgotten_page(*, asked: bool) -> ForgottenPage:
    """Return the page before a link was asked for, or after."""
    return ForgottenPage(
        asked=asked,
        otherwise=OTHERWISE,
        contact_note="" if account_mail.is_configured() else CONTACT_NOTE,
    )
