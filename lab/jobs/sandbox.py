"""Process untrusted material in a separate process with limits on time, CPU and memory.

A file can be crafted to take minutes or gigabytes, and the libraries that read it are C code that
may crash; none of this may affect a web server or a worker. A fresh process is started instead of
forking: the parent may have threads, and a fork would inherit its secrets and connections.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import mkdtemp
from typing import IO, Any

from lab.filesystem import ROOT
from lab.logs import failure_in

CONFINED_SCRIPT = Path(__file__).with_name("confined.py")
PASSED_VARIABLES = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "LD_LIBRARY_PATH",
    "FONTCONFIG_FILE",
    "FONTCONFIG_PATH",
    "XDG_CACHE_HOME",
)
# What libraries in C, C++ and Rust say when an allocation failed and they give up.
OUT_OF_MEMORY = (
    *(b"MemoryError", b"bad_alloc", b"ut of memory", b"Cannot allocate memory"),
    b"memory allocation of",
)
log = logging.getLogger(__name__)


class ChildStopped(Exception):
    """The process gave no answer. `reason`: time, memory or crash."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


class Child:
    """A process in its own session, with its own temporary folder and none of our secrets."""

    def __init__(
        self, command: Sequence[str], *, prefix: str, stdin: int | IO[bytes] = subprocess.PIPE
    ) -> None:
        self.owner = os.getpid()
        self._ended_by_kernel = _ended_for_memory()
        self._temporary = mkdtemp(prefix=prefix)
        self._process = subprocess.Popen(
            [*command],
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=ROOT,
            env=_environment(self._temporary),
            start_new_session=True,
        )

    @property
    def is_waiting(self) -> bool:
        return self._process.poll() is None

    def finish(self, order: bytes | None, seconds: float) -> tuple[int, bytes, bytes]:
        """Return code, output and error text. Raises ChildStopped("time") when time runs out."""
        try:
            output, errors = self._process.communicate(order, timeout=seconds)
        except subprocess.TimeoutExpired as error:
            raise ChildStopped("time") from error
        finally:
            self.end()
        code = self._process.returncode
        if code == -signal.SIGKILL and _ended_for_memory() > self._ended_by_kernel:
            raise ChildStopped("memory", "ended by the kernel")
        return code, output, errors

    def end(self) -> None:
        """Kill the process if it still runs and remove the temporary folder."""
        if self.is_waiting:
            os.killpg(self._process.pid, signal.SIGKILL)
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            if stream and not stream.closed:
                stream.close()
        self._process.wait()
        shutil.rmtree(self._temporary, ignore_errors=True)


def _ended_for_memory() -> int:
    """Return how many processes the kernel has killed for lack of memory.

    0 where it does not say.
    """
    try:
        counters = Path("/proc/vmstat").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in counters if line.startswith("oom_kill "))


def parse_answer(code: int, output: bytes, errors: bytes) -> tuple[dict[str, Any], bytes]:
    """Split what a process wrote: its line of JSON, and the bytes behind it.

    Raises ChildStopped.
    """
    head, _, body = output.partition(b"\n")
    if code == -signal.SIGXCPU:
        raise ChildStopped("time")
    if code != 0 or not head:
        log.error("confined process ended", extra={"code": code, "failure": failure_in(errors)})
        # The chart's engine (V8) traps without a word where an allocation fails.
        short = code == -signal.SIGTRAP or any(mark in errors for mark in OUT_OF_MEMORY)
        why = "memory" if short else "crash"
        raise ChildStopped(why, f"return code {code}")
    answer: dict[str, Any] = json.loads(head)
    return answer, body


def run_confined(
    module: str, order: Mapping[str, Any], material: Path, *, seconds: int, memory_mb: int
) -> tuple[dict[str, Any], bytes]:
    """Return the answer and bytes that a module makes of the file (see `lab.jobs.confined`).

    The process may use `seconds` of time and `memory_mb` beyond its libraries. It gets the file
    opened for reading, no path. Raises ChildStopped when it runs out of either or crashes.
    """
    whole = json.dumps({**order, "seconds": seconds, "memory_mb": memory_mb})
    command = [sys.executable, "-I", str(CONFINED_SCRIPT), module, whole]
    with material.open("rb") as source:
        child = Child(command, prefix="lab-confined-", stdin=source)
        answer, body = parse_answer(*child.finish(None, seconds + 2))
    if "stopped" in answer:
        raise ChildStopped(answer["stopped"])
    return answer, body


def _environment(temporary: str) -> dict[str, str]:
    """Return only what libraries need: no secrets.

    Fixed seeds so that equal input gives equal bytes.
    """
    environment = {name: os.environ[name] for name in PASSED_VARIABLES if name in os.environ}
    return {**environment, "TMPDIR": temporary, "PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": "0"}
