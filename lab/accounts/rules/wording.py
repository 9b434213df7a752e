"""Describe the frozen facts of an account request. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from lab import clock
from lab.policy import ADMIN_ROLES, BUSINESS_ROLES, ROLE_LABELS

OPEN, DISABLED = "open", "disabled"
NONE, TAKEN = "none", "taken"
NEW_PASSWORD, FIRST, OWN = "slip", "first", "own"


def _roles(roles: Any) -> str:
    labels = [ROLE_LABELS[role] for role in (*BUSINESS_ROLES, *ADMIN_ROLES) if role in roles]
    return "、".join(labels) or "没有角色"


def _moment(text: str) -> str:
    return clock.cn_datetime(datetime.fromisoformat(text))


def _set_at(text: Any) -> str:
    return f"{_moment(text)}设置" if text else "还没有密码"


_PASSWORDS = {
    NEW_PASSWORD: "原密码作废，由申请人查看一次性初始密码并转告本人",
    FIRST: "他人设置的初始密码，本人尚未修改",
    OWN: "已由本人修改",
}


def _state(code: Any) -> str:
    return {OPEN: "在用", DISABLED: "停用"}[code]


# In the order in which they are shown; keys of the database's own (unit_id) are not.
_WORDS: Mapping[str, tuple[str, Callable[[Any], str]]] = {
    "account": ("账号", lambda code: {NONE: "", TAKEN: "登录名已被使用"}[code]),
    "sign_in_name": ("登录名", str),
    "name": ("姓名", str),
    "kind": ("账号类别", lambda kind: ROLE_LABELS[kind]),
    "unit": ("单位", str),
    "roles": ("角色", _roles),
    "state": ("账号状态", _state),
    "password_at": ("密码", _set_at),
    "password": ("密码", lambda code: _PASSWORDS[code]),
    "reset_at": ("最近由他人重置密码", lambda text: _moment(text) if text else "没有"),
}


def describe_facts(facts: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return (label, text) pairs; facts that do not exist yet have none."""
    lines = ((label, render(facts[key])) for key, (label, render) in _WORDS.items() if key in facts)
    return tuple((label, text) for label, text in lines if text)
