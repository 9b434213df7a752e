"""Which addresses lead to a page of the portal and nowhere else. Pure."""

from __future__ import annotations

import unicodedata

LONGEST = 2000
START = "/"


def safe_path(address: str) -> str:
    """Return `address` when it is a path of the portal, else the start page.

    A path begins with a single slash. Anything a browser could read as another host (a second slash
    or a backslash), anything a header cannot contain, and anything longer than the portal's
    addresses is rejected.
    """
    path = address.startswith("/") and not address.startswith("//")
    if not path or len(address) > LONGEST or "\\" in address:
        return START
    return address if all(_printable(c) for c in address) else START


def _printable(character: str) -> bool:
    """Return whether it is no control, line-end, lone surrogate or invisible character."""
    category = unicodedata.category(character)
    return category[0] != "C" and category not in ("Zl", "Zp")
