"""Texts of mails about an account. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lab.clock import cn_datetime
from lab.identity.rules import mail_kinds as what
from lab.identity.rules.privileges import HELP_OF_OFFICE

PORTAL = "数字人民币创新实验室项目门户"


@dataclass(frozen=True)
class MailText:
    """Subject, body, and where the link below it leads: a page's endpoint, with a token or none."""

    subject: str
    body: str
    endpoint: str
    token: str | None = None


def password_link(name: str, sign_in_name: str, token: str) -> MailText:
    """Return the mail with the link that sets a new password."""
    body = (
        f"{name}：\n\n您（登录名：{sign_in_name}）申请了重新设置{PORTAL}的密码。请在15分钟内打开下面的"
        "链接，链接只能使用一次。\n\n如果您没有申请，请不要打开链接，密码不会改变。"
    )
    return MailText("重新设置密码", body, "identity.new_password", token)


def address_link(name: str, token: str) -> MailText:
    """Return the mail with the link that confirms an address."""
    body = (
        f"{name}：\n\n请在24小时内打开下面的链接，登录后确认此邮箱属于您本人，链接只能使用一次。"
        "\n\n如果您没有申请，请不要打开链接。"
    )
    return MailText("确认邮箱", body, "identity.confirm", token)


def information(
    kind: str, name: str, at: datetime, by: str, whom: str = HELP_OF_OFFICE
) -> MailText:
    """Return the mail about what happened to an account.

    Its owner contacts `whom` with an objection.

    Raises KeyError for an unknown kind.
    """
    happened = {
        what.ADDRESS_CHANGED: ("邮箱已更改", f"您登记的本邮箱已由{by}更改或删除"),
        what.PASSWORD_RESET: ("密码已被重置", f"您的密码已由他人重置：{by}"),
        what.PASSWORD_CHANGED: ("密码已重新设置", "您的密码已通过邮件链接重新设置"),
    }
    subject, event_text = happened[kind]
    objection = f"如非您本人操作，请立即与{whom}联系。"
    body = f"{name}：\n\n{event_text}（{cn_datetime(at)}，{PORTAL}）。{objection}"
    return MailText(subject, body, "identity.sign_in")
