"""Runs the web server and the worker as children: both or neither.

Started by bin/serve inside the Python environment, in the project's folder.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import select
import signal
import subprocess
import sys
import threading
import time
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WEB = [sys.executable, "-m", "steps.web"]
WORKER = [sys.executable, "-m", "lab.worker"]
STOP_SECONDS = 30
SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of <linux/prctl.h>
LIBC = ctypes.CDLL(None)  # loaded ahead: little may be done between fork and exec


class Supervisor:
    """Starts the children, watches them, and stops them together."""

    def __init__(self) -> None:
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._asked_to_stop = threading.Event()
        signal.signal(signal.SIGINT, self._stop_asked)
        signal.signal(signal.SIGTERM, self._stop_asked)
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # nohup goes on meaning what it says
            signal.signal(signal.SIGHUP, self._stop_asked)

    def _stop_asked(self, _number: int, _frame: object) -> None:
        if self._asked_to_stop.is_set():  # asked twice: no more waiting
            for child in self._children.values():
                _kill(child)
        self._asked_to_stop.set()

    def run(self) -> int:
        """Return 0 after having been asked to stop, 1 if a child ended by itself."""
        try:
            if self._start_web():
                # Only now: the worker needs the database up to date, and must not delay the page.
                self._children["worker"] = _start(WORKER)
            ended = self._watch()
        finally:
            self._stop()
        if ended:
            print(f"The {ended} ended by itself; the portal has stopped.", file=sys.stderr)
        return 1 if ended else 0

    def _start_web(self) -> bool:
        """Start the web server; whether it has come as far as answering."""
        readable, writable = os.pipe()
        self._children["web server"] = _start([*WEB, str(writable)], writable)
        os.close(writable)
        try:
            while not self._asked_to_stop.is_set():
                if select.select([readable], [], [], 0.1)[0]:
                    return os.read(readable, 1) != b""
            return False
        finally:
            os.close(readable)

    def _watch(self) -> str | None:
        while not self._asked_to_stop.wait(0.2):
            for name, child in self._children.items():
                if child.poll() is not None:
                    return name
        return None

    def _stop(self) -> None:
        for child in self._children.values():
            child.terminate()  # gunicorn and the worker end their own children
        deadline = time.monotonic() + STOP_SECONDS
        for child in self._children.values():
            try:
                child.wait(timeout=max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                _kill(child)
                child.wait()


def _start(command: list[str], *descriptors: int) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own, so that Ctrl-C reaches only the supervisor."""
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT / "bin")},
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        pass_fds=descriptors,
        preexec_fn=partial(_end_with, os.getpid()),
    )


def _end_with(parent: int) -> None:
    """Tie the child that is about to start to its parent's life, from its first instant on.

    The parent's handlers, still set up here, would swallow a signal that comes before the new
    program has begun; and a parent that died before the call below is announced by nobody.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    LIBC.prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)
    if os.getppid() != parent:
        os._exit(1)


def _kill(child: subprocess.Popen[bytes]) -> None:
    """End a child and whatever it started, at once."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(Supervisor().run())
