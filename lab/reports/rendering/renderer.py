"""The process that renders one snapshot and exits: `python -m lab.reports.rendering.renderer`.

It first preloads everything heavy, then waits for one order on standard input, a line of JSON:
{"plain": …, "folders": […], "seconds": …, "memory_mb": …}. It answers on standard output with a
line of JSON ({"ok": true} or {"ok": false, "why": …, "detail": …}) and then the PDF. End of input
without an order also ends it, so it never outlives its parent.
"""

from __future__ import annotations

import json
import logging
import os
import resource
import shutil
import sys
from pathlib import Path
from typing import Any, BinaryIO

from lab.jobs.confined import MEGABYTE, limit_resources
from lab.logs.exceptions import brief
from lab.reports.graphics import charts
from lab.reports.rendering import pdf
from lab.reports.rendering.fetcher import AddressRejected

SAFE_SHARE = 0.8
# Why a report could not be made; the parent has a sentence for each.
MEMORY, CHART, ADDRESS, CONTENT = "memory", "chart", "address", "content"


def _peak_bytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _reject_near_limit(used: int, allowed: int) -> None:
    """Raise MemoryError when memory was nearly exhausted.

    C libraries swallow a failed allocation and continue, and the file would then silently differ
    from its reprint.
    """
    if used > allowed * SAFE_SHARE:
        raise MemoryError(f"{used // MEGABYTE} of {allowed // MEGABYTE} MB used")


def render_order(order: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Return the answer and the PDF (empty on failure) for one order."""
    try:
        limit_resources(order["seconds"], order["memory_mb"])
        before = _peak_bytes()
        html = pdf.render_html(order["plain"])
        document = pdf.write_pdf(html, folders=tuple(map(Path, order["folders"])))
        _reject_near_limit(_peak_bytes() - before, order["memory_mb"] * MEGABYTE)
        return {"ok": True}, document
    except MemoryError as error:
        return _failure(MEMORY, error), b""
    except charts.ChartFailed as error:
        return _failure(CHART, error), b""
    except AddressRejected as error:
        return _failure(ADDRESS, error), b""
    except Exception as error:
        return _failure(CONTENT, error), b""


def _failure(why: str, error: Exception) -> dict[str, Any]:
    return {"ok": False, "why": why, "detail": brief(error)}


def _preload(folders: tuple[Path, ...]) -> None:
    pdf.preload(folders)
    try:
        charts.preload()
    except charts.ChartFailed:
        logging.getLogger(__name__).warning("the chart library is missing")


def main() -> None:
    """Wait for one order, answer it, exit."""
    answers: BinaryIO = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing a library prints may get between the answer's bytes
    _preload(tuple(map(Path, sys.argv[1:])))
    line = sys.stdin.buffer.readline()
    if line:
        answer, document = render_order(json.loads(line))
        answers.write(json.dumps(answer).encode() + b"\n" + document)
        answers.flush()
    # The parent may be gone: leave no folder with copies of fonts behind.
    shutil.rmtree(os.environ["TMPDIR"], ignore_errors=True)
    # The chart engine's threads may hang at a regular exit; there is nothing left to do.
    os._exit(0)


if __name__ == "__main__":
    main()
