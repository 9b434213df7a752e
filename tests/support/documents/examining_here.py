"""Uploaded files examined and drawn in the test's own process: one of their own costs a tenth of a
second to start.

What a process of its own is for (limits, crashes, secrets) is tested in `unit/jobs/test_sandbox.py`
and, from the upload on, by tests that ask for `files_confined`; servers and workers that tests
start use it as in real running.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

from lab.files.inspection import examiner
from lab.files.previews import drawing
from lab.files.storing import uploads
from lab.jobs import sandbox

ONE_AT_A_TIME = Lock()  # as the libraries in C need it where tests have threads


def examine_here(
    module: str, order: Mapping[str, Any], material: Path, **limits: int
) -> tuple[dict[str, Any], bytes]:
    """What `sandbox.run_confined` returns, without its limits."""
    assert module == uploads.EXAMINER and set(limits) == {"seconds", "memory_mb"}
    with ONE_AT_A_TIME:
        try:
            answer, body = examiner.run(json.loads(json.dumps(order)), material.read_bytes())
        except Exception as error:
            raise sandbox.ChildStopped("crash", repr(error)) from error
    return json.loads(json.dumps(answer)), body


@contextmanager
def files_examined(run: Any) -> Iterator[None]:
    """Examine and draw files by `run`: here, or as in real running."""
    before = uploads.run_confined, drawing.run_confined
    uploads.run_confined = drawing.run_confined = run
    try:
        yield
    finally:
        uploads.run_confined, drawing.run_confined = before
