"""Servers and workers in processes of their own, without the seconds that their imports take."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lab.filesystem import ROOT

PROGRAM = ROOT / "tests" / "support" / "servers" / "fork_server.py"
SECONDS = 100  # for what ends by itself, on a busy machine; nodes forget each other after 120


class ForkServer:
    """A process that has imported the portal and starts others as its children."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(PROGRAM)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._read() == "ready"

    def start(
        self, *words: str, environ: Mapping[str, str], log: Path = Path(os.devnull)
    ) -> ForkedProcess:
        """Start `python -m words…`; what it prints is appended to `log`."""
        log.touch()
        module, *arguments = words
        child = {"module": module, "arguments": arguments, "environ": dict(environ)}
        return ForkedProcess(self, self.ask(start={**child, "log": str(log)}))

    def run(self, *words: str, environ: Mapping[str, str], log: Path) -> tuple[int | None, str]:
        """Run `python -m words…` to its end: its return code, and what it printed to `log`.

        What should have ended and still runs is killed.
        """
        process, deadline = self.start(*words, environ=environ, log=log), time.monotonic() + SECONDS
        while process.poll() is None:
            if time.monotonic() > deadline:
                process.kill()
            time.sleep(0.02)
        return process.returncode, log.read_text("utf-8")

    def ask(self, **request: Any) -> Any:
        """Send a request; see `tests.support.servers.fork_server`."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        return json.loads(self._read())

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()

    def _read(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


@dataclass
class ForkedProcess:
    """A child of the fork server, with the methods of `subprocess.Popen`."""

    server: ForkServer
    pid: int
    returncode: int | None = field(default=None, init=False)

    def poll(self) -> int | None:
        return self._ask(wait=False)

    def wait(self) -> int | None:
        return self._ask(wait=True)

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """Kill it and every process that it has started, at once."""
        if self.poll() is None:
            os.killpg(self.pid, signal.SIGKILL)

    def _ask(self, *, wait: bool) -> int | None:
        if self.returncode is None:
            self.returncode = self.server.ask(poll=self.pid, wait=wait)
        return self.returncode


@contextmanager
def running_fork_server() -> Iterator[ForkServer]:
    """Start a fork server, hand it out, end it."""
    server = ForkServer()
    try:
        yield server
    finally:
        server.close()
