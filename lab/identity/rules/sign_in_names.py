"""How sign-in names are written. Pure."""

from __future__ import annotations

import re

_NAME = re.compile(r"[a-z0-9._-]{2,40}")
SIGN_IN_NAME_RULE = "登录名只能用字母、数字、点、横线，2至40个。"


def passes_as_sign_in_name(text: str) -> bool:
    """Return whether the text may be a sign-in name, in whatever case it is typed."""
    return _NAME.fullmatch(text.lower()) is not None
