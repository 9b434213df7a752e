"""What is taken for the address of one mailbox. Pure."""

from __future__ import annotations

import re

LONGEST_LOCAL = 64
_LOCAL = r"[A-Za-z0-9_%+-]+(?:\.[A-Za-z0-9_%+-]+)*"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"({_LOCAL})@{_LABEL}(?:\.{_LABEL})+")


def passes_as_email(text: str) -> bool:
    """Whether the text is a plain address of ASCII letters: no name, no comment, no blank."""
    found = _ADDRESS.fullmatch(text)
    return found is not None and len(found.group(1)) <= LONGEST_LOCAL
