"""Runs the web server and the worker as children: both or neither.

Started by bin/serve inside the Python environment, in the project's folder.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PYTHON = sys.executable
CHILDREN = {
    "web server": [PYTHON, "-m", "gunicorn", "app:app"],
    "worker": [PYTHON, "-m", "lab.worker"],
}
STOP_SECONDS = 30
SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of <linux/prctl.h>


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

    def run(self, address: str, accounts: str) -> int:
        """Return 0 after having been asked to stop, 1 if a child ended by itself."""
        try:
            self._start("web server")
            if self._wait_until_ready(address):
                self._start("worker")  # only now, so that it does not delay the first page
                _announce(address, accounts)
            ended = self._watch()
        finally:
            self._stop()
        if ended:
            print(f"The {ended} ended by itself; the portal has stopped.", file=sys.stderr)
        return 1 if ended else 0

    def _start(self, name: str) -> None:
        self._children[name] = _child(CHILDREN[name])

    def _wait_until_ready(self, address: str) -> bool:
        """Whether the portal answers; False when it ended or somebody asked to stop."""
        while not self._ended() and not self._asked_to_stop.is_set():
            if _answers(address):
                return True
            self._asked_to_stop.wait(0.05)
        return False

    def _watch(self) -> str | None:
        while not self._asked_to_stop.wait(0.2):
            ended = self._ended()
            if ended:
                return ended
        return None

    def _ended(self) -> str | None:
        return next((n for n, child in self._children.items() if child.poll() is not None), None)

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


def _child(command: list[str]) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own, so that Ctrl-C reaches only the supervisor."""
    return subprocess.Popen(
        command,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=_end_with_parent,
    )


def _end_with_parent() -> None:
    ctypes.CDLL(None).prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)


def _kill(child: subprocess.Popen[bytes]) -> None:
    """End a child and whatever it started, at once."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)


def _answers(address: str) -> bool:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        opener.open(address, timeout=5).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def _announce(address: str, accounts: str) -> None:
    print(accounts, end="")
    print(f"\n门户已启动 Ready: {address}\n按 Ctrl-C 停止 Ctrl-C stops it\n", flush=True)


def _prepare() -> tuple[str, str]:
    """Bring the database up to date; return the portal's address and the accounts to try."""
    command = [PYTHON, str(ROOT / "bin" / "steps" / "database.py")]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        sys.exit(done.returncode)
    address, _, accounts = done.stdout.partition("\n")
    return address, accounts


if __name__ == "__main__":
    sys.exit(Supervisor().run(*_prepare()))
