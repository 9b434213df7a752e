"""Runs the web server and the worker as children, and takes both down together.

Started by bin/serve inside the Python environment, in the project's folder. A worker that ends is
started again, and pages go on meanwhile; without the web server there is no portal.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
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
sys.path.insert(0, str(ROOT / "bin"))

from steps.processes import end_below  # noqa: E402

WEB = [sys.executable, "-m", "steps.web"]
WORKER = [sys.executable, "-m", "lab.worker"]
STOP_SECONDS = 30  # for answers under way
CTRL_C_SECONDS = 1.2  # somebody waits at the screen
SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of <linux/prctl.h>
BE_PARENT_OF_ORPHANS = 36  # PR_SET_CHILD_SUBREAPER
SIGNALS = {signal.SIGINT, signal.SIGTERM}
LIBC = ctypes.CDLL(None)  # loaded ahead: little may be done between fork and exec


class Pauses:
    """Seconds to wait before a worker that ended is started again: 1, 2, 4 … 60."""

    LONGEST, LONG_LIFE = 60, 300

    def __init__(self) -> None:
        self._next = 1

    def after(self, lived: float) -> int:
        """The pause after a worker that lived so many seconds; a long life begins a new row."""
        pause = 1 if lived >= self.LONG_LIFE else self._next
        self._next = min(2 * pause, self.LONGEST)
        return pause


class Supervisor:
    """Starts the children, watches them, and stops them together."""

    def __init__(self) -> None:
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._asked_to_stop = threading.Event()
        self._patience = float(STOP_SECONDS)
        self._pauses = Pauses()
        self._worker_began = 0.0
        self._worker_due = float("inf")  # not before the web server answers
        LIBC.prctl(BE_PARENT_OF_ORPHANS, 1)  # to find what the children leave behind
        signal.signal(signal.SIGINT, self._stop_asked)
        signal.signal(signal.SIGTERM, self._stop_asked)
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # nohup goes on meaning what it says
            signal.signal(signal.SIGHUP, self._stop_asked)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)  # bin/serve held them back

    def _stop_asked(self, number: int, _frame: object) -> None:
        if self._asked_to_stop.is_set():  # asked twice: no more waiting
            for child in self._children.values():
                _kill(child)
        if number == signal.SIGINT:
            self._patience = CTRL_C_SECONDS
        self._asked_to_stop.set()

    def run(self) -> int:
        """Return 0 after having been asked to stop, 1 if the web server ended by itself."""
        try:
            began = self._start_web()
            if began:
                # Only now: the worker needs the database up to date, and must not delay the page.
                self._start_worker()
            ended = self._watch()
        finally:
            self._stop()
        code = self._children["web server"].returncode
        if ended and (began or code < 0):  # else it has said why itself
            print("网页服务意外停止，门户已停止。", file=sys.stderr)
            print("The web server ended by itself; the portal has stopped.", file=sys.stderr)
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

    def _start_worker(self) -> None:
        self._children["worker"] = _start(WORKER)
        self._worker_began = time.monotonic()

    def _watch(self) -> bool:
        """Wait until asked to stop; True when the web server ended before that."""
        while not self._asked_to_stop.wait(0.2):
            if self._children["web server"].poll() is not None:
                return True
            self._tend_worker()
        return False

    def _tend_worker(self) -> None:
        now, worker = time.monotonic(), self._children.get("worker")
        if worker is None:
            if now >= self._worker_due:
                self._start_worker()
        elif worker.poll() is not None:
            del self._children["worker"]
            pause = self._pauses.after(now - self._worker_began)
            self._worker_due = now + pause
            _log("worker ended, is started again", code=worker.returncode, again_in=pause)
            end_below(os.getpid(), keep=[self._children["web server"].pid])

    def _stop(self) -> None:
        for child in self._children.values():
            child.terminate()  # gunicorn and the worker end their own children
        deadline = time.monotonic() + self._patience
        for child in self._children.values():
            self._wait(child, deadline)
        end_below(os.getpid())

    def _wait(self, child: subprocess.Popen[bytes], deadline: float) -> None:
        try:
            child.wait(timeout=max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            _kill(child)
            child.wait()


def _log(message: str, **facts: object) -> None:
    """A line like the portal's own."""
    at = time.strftime("%Y-%m-%d %H:%M:%S")
    line = {"asctime": at, "levelname": "ERROR", "name": "lab.supervise", "message": message}
    print(json.dumps({**line, **facts}), file=sys.stderr, flush=True)


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
