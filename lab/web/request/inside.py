"""Which addresses lead to a page of the portal and nowhere else. Pure."""

from __future__ import annotations

import unicodedata

LONGEST = 2000
START = "/"


def safe_path(address: str) -> str:
    """Return `address` when it is a path of the portal, else the start page.

    A path begins with one stroke. What a browser could read as another host (a second stroke or a
    backslash), what cannot stand in a header, and what is longer than any address of the portal
    is no path.
    """
    path = address.startswith("/") and not address.startswith("//")
    if not path or len(address) > LONGEST or "\\" in address:
        return START
    return address if all(_printable(c) for c in address) else START


def _printable(character: str) -> bool:
    """Neither a control character, nor a line end, nor a lone surrogate, nor an unseen one."""
    category = unicodedata.category(character)
    return category[0] != "C" and category not in ("Zl", "Zp")
