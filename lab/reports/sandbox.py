"""Laying out a report in a process of its own, with bounds on time, CPU and memory.

A page can be made to take minutes or gigabytes, and the layout libraries are C code that may
crash; none of this may reach the worker. A fresh process is started instead of forking: the
worker may have threads, and a fork would carry its secrets and connections. The next process
is started ahead and waits, warm, so that a report does not pay for loading the libraries.
"""

from __future__ import annotations

import atexit
import json
import logging
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from lab.reports.fonts import font_folders

PROJECT = Path(__file__).resolve().parents[2]
LARGEST_ORDER = 8_000_000  # bytes of JSON; 500 projects take about one million
PASSED_ON = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "LD_LIBRARY_PATH",
    "FONTCONFIG_FILE",
    "FONTCONFIG_PATH",
    "XDG_CACHE_HOME",
)
SENTENCES = {
    "memory": "报告内容过大，超出生成程序的内存上限，已停止。请缩小范围后重试。",
    "chart": "报告中的图表没有画成。请管理员检查图表组件后重试。",
    "address": "报告内容引用了不允许的地址，已停止生成。",
    "content": "报告内容无法排版。请联系管理员并告知报告编号。",
    "time": "报告生成超过规定时间，已停止。请稍后重试或缩小范围。",
    "crash": "报告生成程序异常退出（可能超出内存上限），已停止。请稍后重试。",
    "size": "报告内容过长，不能生成。请缩小范围后重试。",
}
log = logging.getLogger(__name__)


class RenderFailed(Exception):
    """No PDF was made; the message is a Chinese sentence for the person who asked.

    `why` is a key of SENTENCES.
    """

    def __init__(self, why: str, detail: str = "") -> None:
        super().__init__(SENTENCES[why])
        self.why = why
        self.detail = detail


class _Renderer:
    """One process that makes one report, in its own session and temporary folder."""

    def __init__(self, folders: tuple[Path, ...]) -> None:
        self.folders = folders
        self.owner = os.getpid()
        self._temporary = mkdtemp(prefix="lab-report-")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "lab.reports.renderer", *map(str, folders)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=PROJECT,
            env=_environment(self._temporary),
            start_new_session=True,
        )

    @property
    def waiting(self) -> bool:
        return self._process.poll() is None

    def make(self, order: bytes, seconds: int) -> tuple[int, bytes, bytes]:
        """Return code, output and error text. Raises RenderFailed when time runs out."""
        try:
            output, errors = self._process.communicate(order, timeout=seconds)
        except subprocess.TimeoutExpired as error:
            raise RenderFailed("time") from error
        finally:
            self.end()
        return self._process.returncode, output, errors

    def end(self) -> None:
        """Kill what still runs and remove the temporary folder."""
        if self.waiting:
            os.killpg(self._process.pid, signal.SIGKILL)
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            if stream and not stream.closed:
                stream.close()
        self._process.wait()
        shutil.rmtree(self._temporary, ignore_errors=True)


_standby: list[_Renderer] = []
_lock = threading.Lock()


def render_in_child(
    plain: Mapping[str, Any],
    *,
    seconds: int = 60,
    memory_mb: int = 1500,
    folders: tuple[Path, ...] | None = None,
) -> bytes:
    """The PDF of a snapshot, made by a process that may use `seconds` and `memory_mb`.

    `folders` are searched for typefaces. Raises RenderFailed when the process runs out of time
    or memory, crashes, or cannot set the content.
    """
    where = folders or font_folders()
    folder_names = [str(folder) for folder in where]
    order = _order(plain=plain, folders=folder_names, seconds=seconds, memory_mb=memory_mb)
    if len(order) > LARGEST_ORDER:
        raise RenderFailed("size")
    renderer = _take(where)
    try:
        return _document(*renderer.make(order, seconds))
    finally:
        warm(where)


def warm(folders: tuple[Path, ...] | None = None) -> None:
    """Start the process that will make the next report, so that it is ready in time."""
    where = folders or font_folders()
    with _lock:
        if not any(_fits(renderer, where) for renderer in _standby):
            _standby.append(_Renderer(where))


def stop() -> None:
    """End the waiting processes; for the worker's end."""
    with _lock:
        while _standby:
            renderer = _standby.pop()
            if renderer.owner == os.getpid():
                renderer.end()


atexit.register(stop)


def _order(**parts: Any) -> bytes:
    return json.dumps(parts).encode() + b"\n"


def _fits(renderer: _Renderer, folders: tuple[Path, ...]) -> bool:
    # After a fork the list is a copy, but the process still belongs to the parent.
    mine = renderer.owner == os.getpid()
    return mine and renderer.folders == folders and renderer.waiting


def _take(folders: tuple[Path, ...]) -> _Renderer:
    with _lock:
        for renderer in _standby:
            if _fits(renderer, folders):
                _standby.remove(renderer)
                return renderer
    return _Renderer(folders)


def _document(code: int, output: bytes, errors: bytes) -> bytes:
    head, _, document = output.partition(b"\n")
    if code == -signal.SIGXCPU:
        raise RenderFailed("time")
    if code != 0 or not head:
        said = errors[-2000:].decode(errors="replace")
        log.error("report renderer ended with %s: %s", code, said)
        raise RenderFailed("crash", f"return code {code}")
    answer = json.loads(head)
    if not answer["ok"]:
        log.error("report not made (%s): %s", answer["why"], answer["detail"])
        raise RenderFailed(answer["why"], answer["detail"])
    return document


def _environment(temporary: str) -> dict[str, str]:
    """Only what layout needs: no secrets; fixed seeds so that equal input gives equal bytes."""
    kept = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    return {**kept, "TMPDIR": temporary, "PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": "0"}
