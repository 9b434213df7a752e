"""A folder whose power can be cut: a forgetful disk, served by a process of its own.

Its own process, because a thread that waits for a page of a mapped file holds Python's lock.
"""

from __future__ import annotations

import random
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lab.filesystem import ROOT
from tests.support.power_cuts import fuse
from tests.support.power_cuts.disk import Disk


class Power:
    """The folder and its switch. Nobody may hold a file in it open when the power is cut."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.power_cuts.folder", str(folder)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._expect("ready")

    def settle(self) -> None:
        """Everything as it is now is on the disk."""
        self._tell("settle")

    def cut(self, luck: int | None = None) -> None:
        """Cut the power and switch it on again. `luck`: a seed; unsynced pages of files may then
        have reached the disk or not."""
        self._tell(f"cut {'' if luck is None else luck}")

    def end(self) -> None:
        fuse.unmount(self.folder, by_force=True)
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()

    def _tell(self, word: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(f"{word}\n")
        self._process.stdin.flush()
        self._expect("done")

    def _expect(self, word: str) -> None:
        assert self._process.stdout
        assert self._process.stdout.readline().strip() == word


@contextmanager
def powered(folder: Path) -> Iterator[Power]:
    """A new empty folder with a switch."""
    folder.mkdir()
    power = Power(folder)
    try:
        yield power
    finally:
        power.end()


def _start(point: Path, disk: Disk) -> threading.Thread:
    thread = threading.Thread(target=fuse.Server(fuse.mount(point), disk).serve, daemon=True)
    thread.start()
    point.stat()  # it answers
    return thread


def main() -> None:
    """Serve; `settle` and `cut` come on standard input, its end ends it."""
    point, disk = Path(sys.argv[1]), Disk()
    thread = _start(point, disk)
    print("ready", flush=True)
    for line in sys.stdin:
        word, _, luck = line.strip().partition(" ")
        if word == "settle":
            disk.settle()
        else:
            # Off first: the kernel then writes out what it keeps of mapped files, to be forgotten.
            fuse.unmount(point)
            thread.join(60)
            disk.cut(random.Random(int(luck)) if luck else None)
            thread = _start(point, disk)
        print("done", flush=True)
    fuse.unmount(point, by_force=True)


if __name__ == "__main__":
    main()
