"""No answer leaves before what it acknowledges is on the disk, as the kernel sees it.

Killing processes cannot show this: what a process has written survives it in the page cache.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask

from lab.filesystem import ROOT
from tests.support.builders.calls import FORM
from tests.support.servers.portal_server import PYTHON, Browser, Place, prepare

CALLS = "write,writev,sendto,sendmsg,pwrite64,pwritev,fsync,fdatasync"
LINE = re.compile(r"^(\d+)\s+(<\.\.\. )?(\w+)(.*)$")
WRITES = 25


@dataclass
class Disk:
    """What is written to the log of the database and not yet synced, line by line of a trace."""

    unsynced: int = 0
    answers: int = 0
    too_early: int = 0
    syncs: int = 0
    pending: dict[str, bool] = field(default_factory=dict)

    def read(self, lines: Iterable[str]) -> Disk:
        for line in lines:
            if found := LINE.match(line):
                self._call(found[1], bool(found[2]), found[3], found[4])
        return self

    def _call(self, process: str, resumed: bool, name: str, rest: str) -> None:
        if name in ("fsync", "fdatasync"):
            self._sync(process, resumed, rest)
        elif resumed:
            return
        elif "lab.db-wal>" in rest:
            self.unsynced += 1
        elif "HTTP/1.1 303" in rest:
            self.answers += 1
            self.too_early += self.unsynced > 0

    def _sync(self, process: str, resumed: bool, rest: str) -> None:
        """A sync counts when it has returned 0, which may be a line later."""
        wal = self.pending.pop(process, False) if resumed else "lab.db-wal>" in rest
        if rest.endswith("<unfinished ...>"):
            self.pending[process] = wal
        elif wal and rest.rstrip().endswith("= 0"):
            self.syncs += 1
            self.unsynced = 0


def why_not() -> str:
    """Why processes cannot be watched here, or "" when they can."""
    if shutil.which("strace") is None:
        return "strace is not installed; bin/setup --dev installs it"
    tried = subprocess.run(
        ["strace", "-f", "-o", os.devnull, "true"], capture_output=True, text=True, check=False
    )
    return "" if tried.returncode == 0 else f"strace cannot attach here: {tried.stderr[:200]}"


@pytest.fixture
def traced(sqlite_app: Flask, tmp_path: Path) -> Iterator[tuple[Place, Path]]:
    if reason := why_not():
        pytest.skip(reason)
    place, trace = prepare(sqlite_app), tmp_path / "trace"
    words = ["strace", "-f", "-y", "-s", "40", "-e", f"trace={CALLS}", "-o", str(trace)]
    server = subprocess.Popen(
        [*words, PYTHON, "-m", "gunicorn", "app:app"],
        cwd=ROOT,
        env=place.environment,
        start_new_session=True,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield place, trace
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def post(browser: Browser, number: int) -> None:
    values = {**FORM, "year": "2022", "batch": str(number), "title": f"第{number}批"}
    deadline = time.monotonic() + 300
    while True:
        try:
            status, _ = browser.post("/calls/new", values)
        except OSError:
            assert time.monotonic() < deadline, "the server did not start"
            time.sleep(0.1)
            continue
        assert status == 303
        return


def test_no_answer_leaves_before_the_write_is_on_the_disk(traced: tuple[Place, Path]) -> None:
    place, trace = traced
    browser = Browser(place, place.cast.office)
    place.release()
    for number in range(1, WRITES + 1):
        post(browser, number)
    browser.close()
    disk = Disk().read(trace.read_text(errors="replace").splitlines())
    assert disk.answers == WRITES
    assert disk.syncs >= WRITES
    assert disk.too_early == 0


def test_the_check_itself_notices_an_answer_before_its_sync() -> None:
    written = '7 pwrite64(9</x/lab.db-wal>, "", 24, 0) = 24'
    synced = "7 fdatasync(9</x/lab.db-wal>) = 0"
    answered = '7 sendto(5<socket:[1]>, "HTTP/1.1 303 SEE OTHER", 22, 0, NULL, 0) = 22'
    assert Disk().read([written, synced, answered]).too_early == 0
    assert Disk().read([written, answered, synced]).too_early == 1
    begun, ended = "7 fsync(9</x/lab.db-wal> <unfinished ...>", "7 <... fsync resumed>) = 0"
    assert Disk().read([written, begun, ended, answered]).too_early == 0
    assert Disk().read([written, begun, answered, ended]).too_early == 1
    failed = "7 fdatasync(9</x/lab.db-wal>) = -1 EIO (Input/output error)"
    assert Disk().read([written, failed, answered]).too_early == 1
