"""Reports rendered in the test's own process: one of their own costs three seconds to start.

What a process of its own is for (limits, crashes, secrets) is tested in
`unit/reports/rendering/test_report_sandbox.py`, and workers that tests start use it as in real
running.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lab.reports.core.sandbox import RenderFailed
from lab.reports.rendering import pdf


def render_here(
    plain: Mapping[str, Any],
    *,
    folders: tuple[Path, ...] | None = None,
    **limits: int,
) -> bytes:
    """Return the PDF of a snapshot as `sandbox.render_in_child` does, without its limits."""
    assert set(limits) <= {"seconds", "memory_mb"}
    order = json.loads(json.dumps(plain))  # the process would get it so
    try:
        return pdf.write_pdf(pdf.render_html(order), folders=folders)
    except Exception as error:
        raise RenderFailed("content", repr(error)) from error
