"""Render a report in a separate process (`lab.jobs.sandbox`).

The next process is started ahead and waits, preloaded, so that a report does not pay for loading
the libraries.
"""

from __future__ import annotations

import atexit
import json
import logging
import os
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lab.jobs.sandbox import Child, ChildStopped, parse_answer
from lab.reports.rendering.fonts import font_folders

MAX_ORDER_BYTES = 8_000_000  # bytes of JSON; 500 projects take about one million
MESSAGES = {
    "memory": "报告内容过大，超出生成程序的内存上限，已停止。请缩小范围后重试。",
    "chart": "报告中的图表没有画成。请管理员检查图表组件后重试。",
    "address": "报告内容引用了不允许的地址，已停止生成。",
    "content": "报告内容无法排版。请联系管理员并告知报告编号。",
    "time": "报告生成超过规定时间，已停止。请稍后重试或缩小范围。",
    "crash": "报告生成程序异常退出，没有生成。请稍后重试；如仍不成功，请告诉系统管理员。",
    "size": "报告内容过长，不能生成。请缩小范围后重试。",
}
log = logging.getLogger(__name__)


class RenderFailed(Exception):
    """No PDF was produced; the message is a Chinese sentence for the requester.

    `reason` is a key of MESSAGES.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(MESSAGES[reason])
        self.reason = reason
        self.detail = detail


class _Renderer(Child):
    """One process that renders one report."""

    def __init__(self, folders: tuple[Path, ...]) -> None:
        self.folders = folders
        command = [sys.executable, "-m", "lab.reports.rendering.renderer", *map(str, folders)]
        super().__init__(command, prefix="lab-report-")

    def make(self, order: bytes, seconds: int) -> bytes:
        """Return the PDF.

        Raises RenderFailed when time runs out, or with the renderer's own reason.
        """
        try:
            answer, document = parse_answer(*self.finish(order, seconds))
        except ChildStopped as error:
            raise RenderFailed(error.reason, error.detail) from error
        if not answer["ok"]:
            log.error("report not made", extra={"why": answer["why"], "failure": answer["detail"]})
            raise RenderFailed(answer["why"], answer["detail"])
        return document


_standby_renderers: list[_Renderer] = []
_lock = threading.Lock()


def render_in_child(
    plain: Mapping[str, Any],
    *,
    seconds: int = 60,
    memory_mb: int = 1500,
    folders: tuple[Path, ...] | None = None,
    standby: bool = True,
) -> bytes:
    """Return the PDF of a snapshot, rendered by a process limited to `seconds` and `memory_mb`.

    `folders` are searched for typefaces. `standby`: the next process is started ahead of time.
    Raises RenderFailed when the process exceeds a limit,
    crashes, or cannot render the content.
    """
    where = folders or font_folders()
    folder_names = [str(folder) for folder in where]
    order = _order(plain=plain, folders=folder_names, seconds=seconds, memory_mb=memory_mb)
    if len(order) > MAX_ORDER_BYTES:
        raise RenderFailed("size")
    renderer = _take_renderer(where)
    try:
        return renderer.make(order, seconds)
    finally:
        if standby:
            preload(where)


def preload(folders: tuple[Path, ...] | None = None) -> None:
    """Start the process for the next report ahead of time."""
    where = folders or font_folders()
    with _lock:
        if not any(_fits(renderer, where) for renderer in _standby_renderers):
            _standby_renderers.append(_Renderer(where))


def stop_renderers() -> None:
    """Stop the waiting processes when the worker ends."""
    with _lock:
        while _standby_renderers:
            renderer = _standby_renderers.pop()
            if renderer.owner == os.getpid():
                renderer.end()


atexit.register(stop_renderers)


def _order(**parts: Any) -> bytes:
    return json.dumps(parts).encode() + b"\n"


def _fits(renderer: _Renderer, folders: tuple[Path, ...]) -> bool:
    # After a fork the list is a copy, but the process still belongs to the parent.
    mine = renderer.owner == os.getpid()
    return mine and renderer.folders == folders and renderer.is_waiting


def _take_renderer(folders: tuple[Path, ...]) -> _Renderer:
    with _lock:
        for renderer in _standby_renderers:
            if _fits(renderer, folders):
                _standby_renderers.remove(renderer)
                return renderer
    return _Renderer(folders)
