"""Request paths for the log: the URL rule with numbers and keys."""

from __future__ import annotations

import re

from flask import Request

ARGUMENT = re.compile(r"<(?:[^:<>]+:)?([^<>]+)>")
KEY = re.compile(r"[a-z2-9]{12}|[0-9]{1,10}|[0-9]{4}-?[0-9Q]{1,2}")
HIDDEN, UNKNOWN = "…", "（没有这个地址）"


def logged_path(request: Request) -> str:
    """Return the URL rule with its arguments.

    Only numbers and keys are shown, and no tokens: a one-time link would open its account to any
    reader of the log. Query strings are never shown, since people search with them.
    """
    if request.url_rule is None:
        return UNKNOWN
    arguments = request.view_args or {}

    def shown(match: re.Match[str]) -> str:
        name = match[1]
        value = str(arguments.get(name, ""))
        return value if "token" not in name and KEY.fullmatch(value) else HIDDEN

    return ARGUMENT.sub(shown, request.url_rule.rule)
