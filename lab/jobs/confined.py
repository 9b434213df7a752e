"""The inside of a confined process: limits, one order, one answer.

`lab.jobs.sandbox.run_confined` starts this file as `python -I confined.py MODULE ORDER`, with the
material on standard input. MODULE has a function `run(order, material)` that returns an answer for
JSON and bytes; the meaning of a rejection is the module's business. The portal's start-up code is
skipped: the process has no settings, opens no database and starts in 0.1 seconds.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import sys
import types
from pathlib import Path
from typing import Any, BinaryIO

MEGABYTE = 1024 * 1024


def limit_resources(seconds: int, memory_mb: int) -> None:
    """Limit this process from now on: CPU seconds, and megabytes beyond what is loaded already.

    RLIMIT_DATA, not RLIMIT_AS: some libraries reserve far more address space than they use.
    """
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu = int(used.ru_utime + used.ru_stime) + seconds + 1
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 2))
    size = writable_bytes() + memory_mb * MEGABYTE
    resource.setrlimit(resource.RLIMIT_DATA, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def writable_bytes() -> int:
    """Return what RLIMIT_DATA counts, as the kernel reports it now; 0 where it does not."""
    try:
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[5]
    except OSError:
        return 0
    return int(pages) * resource.getpagesize()


def _module(name: str) -> Any:
    """Import a module of the portal without the portal's start-up code."""
    bare = types.ModuleType("lab")
    bare.__path__ = [str(Path(__file__).resolve().parents[1])]
    sys.modules["lab"] = bare
    return importlib.import_module(name)


def main() -> None:
    """Process one order and exit: the answer as a line of JSON, then the bytes."""
    answers: BinaryIO = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing a library prints may get between the answer's bytes
    name, order = sys.argv[1], json.loads(sys.argv[2])
    module = _module(name)
    limit_resources(order["seconds"], order["memory_mb"])
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # it writes no file
    try:
        answer, body = module.run(order, sys.stdin.buffer.read())
    except MemoryError:
        answer, body = {"stopped": "memory"}, b""
    answers.write(json.dumps(answer).encode() + b"\n" + body)
    answers.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
