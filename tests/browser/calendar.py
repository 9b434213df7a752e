"""Runs a module of the portal on a calendar that a test may turn on: `-m tests.browser.calendar`.

The calendar is the real one plus the days written in the file `days-later` of the instance
folder; without that file it is the real one. Figures of a month can be reported only when the
month is over: no test can wait for that.
"""

from __future__ import annotations

import os
import runpy
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from lab import clock
from lab.reports.content import leading
from lab.reports.core import sandbox

FILE = "days-later"


def days_later(instance: Path) -> int:
    """How many days the calendar of this instance is ahead of the real one."""
    file = instance / FILE
    return int(file.read_text()) if file.exists() else 0


def no_standby(folders: tuple[Path, ...] | None = None) -> None:
    """Let the worker start a renderer when a document waits for it, and none ahead: each journey
    would pay for one more than it uses."""


def rendering_quickly(in_child: Callable[..., bytes]) -> Callable[..., bytes]:
    """Return what renders the report of the leading group by `in_child`, as in real running.

    Whatever else a journey leaves behind (copies of proposals, lists) is rendered in the worker
    itself: a process for each costs three seconds, and no journey opens it.
    """

    def render(plain: Mapping[str, Any], **limits: Any) -> bytes:
        from tests.support.documents.rendering_here import render_here  # seconds; the worker alone

        return (in_child if plain["schema"] == leading.SCHEMA else render_here)(plain, **limits)

    return render


def main() -> None:
    sandbox.preload = no_standby
    sandbox.render_in_child = rendering_quickly(sandbox.render_in_child)
    instance = Path(os.environ["LAB_INSTANCE"])
    clock._source = lambda: datetime.now(UTC) + timedelta(days=days_later(instance))
    module, sys.argv = sys.argv[1], sys.argv[1:]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
