"""Workbooks read in the test's own process: one of their own costs a fifth of a second each.

What a process of its own is for (limits of memory and time) is tested in
`unit/files/workbooks/test_reading.py`; there, and where workbooks are made to harm, it is used as
in real running.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from lab.files.workbooks import process, reading


def read_here(data: bytes, kind: str, worksheet_name: str) -> dict[str, Any]:
    """What the reader's process answers, without its limits."""
    answer: dict[str, Any] = json.loads(json.dumps(process.read(data, kind, worksheet_name)))
    return answer


@contextmanager
def workbooks_read_here() -> Iterator[None]:
    """No process for each workbook."""
    in_child = reading._run_reader
    reading._run_reader = read_here
    try:
        yield
    finally:
        reading._run_reader = in_child
