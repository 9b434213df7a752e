"""A real worker on a test's instance folder, its log in a file."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.servers.forking import ForkedProcess, ForkServer
from tests.support.servers.portal_server import Place

PATIENCE = 240  # seconds: a busy machine may take minutes for what usually takes one second


def wait_until(condition: Callable[[], object], what: str = "") -> None:
    """Wait for something that happens by itself, with minutes of room."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, what or "it did not happen"
        time.sleep(0.05)


@dataclass(frozen=True)
class WorkerProcess:
    """`python -m lab.worker`, and what it wrote."""

    process: ForkedProcess
    output: Path

    def lines(self, message: str) -> list[dict[str, Any]]:
        """The lines of the log with this message."""
        found = [line for line in self.output.read_text().splitlines() if line.startswith("{")]
        return [line for line in map(json.loads, found) if line["message"] == message]

    def wait_for(self, message: str, times: int = 1) -> list[dict[str, Any]]:
        """Wait until the log has so many lines with this message, or the worker ends."""
        wait_until(lambda: len(self.lines(message)) >= times or self.process.poll() is not None)
        lines = self.lines(message)
        assert len(lines) >= times, self.output.read_text()
        return lines


@contextmanager
def worker(server: ForkServer, place: Place, **settings: str) -> Iterator[WorkerProcess]:
    """Start a worker, hand it out, kill it."""
    output = place.database.parent.parent / f"worker-{time.monotonic_ns()}.log"
    environ = {**place.environment, "LAB_LOG_LEVEL": "INFO", **settings}
    process = server.start("lab.worker", environ=environ, log=output)
    try:
        yield WorkerProcess(process, output)
    finally:
        process.kill()
        process.wait()
