"""The process that lays out one report and ends: `python -m lab.reports.renderer`.

It first loads everything heavy, then waits for one order on standard input, a line of JSON:
{"plain": …, "folders": […], "seconds": …, "memory_mb": …}. It answers on standard output with
a line of JSON ({"ok": true} or {"ok": false, "why": …, "detail": …}) and then the PDF. The end
of the input without an order ends it too, so it never outlives its parent.
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

from weasyprint.urls import FatalURLFetchingError

from lab.reports import charts, pdf

# Why a report could not be made; the parent has a sentence for each.
MEMORY, CHART, ADDRESS, CONTENT = "memory", "chart", "address", "content"


def limit(seconds: int, memory_mb: int) -> None:
    """Bound this process from now on: CPU seconds, and megabytes beyond what is loaded already.

    RLIMIT_DATA, not RLIMIT_AS: the chart engine reserves far more addresses than it uses.
    """
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu = int(used.ru_utime + used.ru_stime) + seconds + 1
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 2))
    size = _writable_bytes() + memory_mb * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_DATA, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _writable_bytes() -> int:
    """What RLIMIT_DATA counts, as the kernel sees it now; 0 where it does not say."""
    try:
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[5]
    except OSError:
        return 0
    return int(pages) * resource.getpagesize()


def draw(order: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """The answer and the PDF (empty on failure) for one order."""
    try:
        limit(order["seconds"], order["memory_mb"])
        html = pdf.render_html(order["plain"])
        return {"ok": True}, pdf.write_pdf(html, folders=tuple(map(Path, order["folders"])))
    except MemoryError:
        return {"ok": False, "why": MEMORY, "detail": "out of memory"}, b""
    except charts.ChartFailed as error:
        return {"ok": False, "why": CHART, "detail": str(error)}, b""
    except FatalURLFetchingError as error:
        return {"ok": False, "why": ADDRESS, "detail": str(error)[:500]}, b""
    except Exception as error:
        return {"ok": False, "why": CONTENT, "detail": f"{type(error).__name__}: {error}"[:500]}, b""


def _warm(folders: tuple[Path, ...]) -> None:
    pdf.warm(folders)
    try:
        charts.warm()
    except charts.ChartFailed:
        logging.getLogger(__name__).warning("the chart library is missing")


def main() -> None:
    """Wait for one order, answer it, end."""
    answers: BinaryIO = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing a library prints may get between the answer's bytes
    _warm(tuple(map(Path, sys.argv[1:])))
    line = sys.stdin.buffer.readline()
    if line:
        answer, document = draw(json.loads(line))
        answers.write(json.dumps(answer).encode() + b"\n" + document)
        answers.flush()
    # The parent may be gone: leave no folder with copies of fonts behind.
    shutil.rmtree(os.environ["TMPDIR"], ignore_errors=True)
    # The chart engine's threads may hang at a regular exit; there is nothing left to do.
    os._exit(0)


if __name__ == "__main__":
    main()
