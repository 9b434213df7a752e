"""Whether a requested role can be granted now. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from lab.identity.rules.privileges import PRIVILEGED_ROLES

NOT_ACTIVATED = "本人还没有启用账号"
FIRST_PASSWORD = "还在使用他人设置的初始密码"
DISABLED = "账号已停用"
LINKED = "您和申请人有一方给过另一方初始密码或启用单，由其他安全管理员办理"
OWN = "申请人和本人不能办理"


@dataclass(frozen=True)
class Account:
    """An account that a role is asked for: whether it is open and has its owner's password."""

    disabled: bool
    has_password: bool
    must_change: bool


def reason_to_wait(role: str, account: Account) -> str:
    """Return why a role cannot be granted yet, "" when it can.

    Rule of the lab: while somebody else may know the password, an account gets no role above
    申报人, or that person would have it as well.
    """
    if account.disabled:
        return DISABLED
    if role not in PRIVILEGED_ROLES:
        return ""
    if not account.has_password:
        return NOT_ACTIVATED
    return FIRST_PASSWORD if account.must_change else ""


def reason_not_to_decide(relations: Collection[str]) -> str:
    """Return why somebody who stands so to a request may not decide it, "" when he may."""
    if {"asker", "concerned"} & set(relations):
        return OWN
    return LINKED if "linked" in relations else ""
