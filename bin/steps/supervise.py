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
READY_SECONDS = 60
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
            for name, command in CHILDREN.items():
                self._children[name] = _start(command)
            if self._wait_until_ready(address):
                _announce(address, accounts)
            ended = self._watch()
        finally:
            self._stop()
        if ended:
            print(f"The {ended} ended by itself; the portal has stopped.", file=sys.stderr)
        return 1 if ended else 0

    def _wait_until_ready(self, address: str) -> bool:
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline and not self._ended():
            if self._asked_to_stop.is_set():
                return False
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


def _start(command: list[str]) -> subprocess.Popen[bytes]:
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


def _prepare() -> str:
    """Bring the database up to date; what it prints last (demonstration accounts) is returned."""
    command = [PYTHON, str(ROOT / "bin" / "steps" / "database.py")]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        print(done.stdout, end="")
        sys.exit(done.returncode)
    return done.stdout


def _address() -> str:
    """Where a browser on this machine finds the portal."""
    from lab.config import SettingsError, load_settings

    try:
        settings = load_settings()
    except SettingsError as error:
        sys.exit(str(error))
    everywhere = {"0.0.0.0": "127.0.0.1", "::": "::1"}
    host = everywhere.get(settings.host, settings.host)
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    where = _address()
    accounts = _prepare()
    sys.exit(Supervisor().run(where, accounts))
