"""Code locations as the log shows them."""

from __future__ import annotations

import re

from lab.filesystem import ROOT

FRAME = re.compile(r'^\s*File "([^"\n]{1,300})", line (\d{1,7})', re.MULTILINE)
TYPE = re.compile(
    r"^([A-Za-z_][\w.]{0,80}(?:Error|Exception|Exit|Interrupt|Warning))\b", re.MULTILINE
)


def short_name(path: str) -> str:
    """Return a source file's path relative to the project or the installed packages."""
    for start in (f"{ROOT}/", "site-packages/", "/lib/"):
        _, separator, inside = path.rpartition(start)
        if separator and inside:
            return inside
    return path


def failure_in(errors: bytes) -> str:
    """Return type and innermost location of a failure that another process wrote to its stderr.

    "" for none.

    Nothing else of its output: it worked on somebody's text.
    """
    text = errors.decode(errors="replace")
    frames, types = FRAME.findall(text), TYPE.findall(text)
    location = f"{short_name(frames[-1][0])}:{frames[-1][1]}" if frames else ""
    return " ".join(part for part in (types[-1] if types else "", location) if part)
