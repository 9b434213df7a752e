"""Ending what was started, with everything that it started in turn. Needs no installed package."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Collection
from pathlib import Path

POLITE_SECONDS, LAST_SECONDS = 0.7, 5


def descendants(root: int) -> list[int]:
    """Living processes below `root`, in whatever session they are; parents before children."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            # After the name, which may hold anything, in brackets: state and parent.
            state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
            if state != "Z":
                children.setdefault(int(parent), []).append(int(folder.name))
    found = list(children.get(root, ()))
    for pid in found:
        found += children.get(pid, ())
    return found


def end_below(root: int, *, keep: Collection[int] = ()) -> None:
    """End every process below `root`, except `keep` and those below them.

    They are asked first, then killed.
    """
    kept = {pid for one in keep for pid in (one, *descendants(one))}
    began, number = time.monotonic(), signal.SIGTERM
    while left := [pid for pid in descendants(root) if pid not in kept]:
        if time.monotonic() - began > LAST_SECONDS:
            return  # one that not even the kernel can end
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
        time.sleep(0.05)
        if time.monotonic() - began > POLITE_SECONDS:
            number = signal.SIGKILL
        for pid in left:  # our own ones that have ended; others have parents of their own
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)
