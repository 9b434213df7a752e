"""Starts real web servers and workers quickly: a process that has imported all that they import.

Run by `tests.support.servers.forking`. A child becomes the module that it was asked for, with the
environment it was given, leader of its own process group.
"""

from __future__ import annotations

import gc
import json
import os
import runpy
import sys
from importlib import import_module
from typing import Any

NEEDED = (
    "lab.factory",
    "lab.reports.rendering.fonts",
    "gunicorn.app.wsgiapp",
    "gunicorn.workers.gthread",
)


def become(module: str, arguments: list[str], environ: dict[str, str], log: str) -> None:
    """Run the module as the main program. Never returns."""
    os.environ.clear()
    os.environ.update(environ)
    nothing, output = os.open(os.devnull, os.O_RDONLY), os.open(log, os.O_WRONLY | os.O_APPEND)
    for number, file in enumerate((nothing, output, output)):
        os.dup2(file, number)
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
    sys.exit()


def answer(request: dict[str, Any]) -> int | None:
    """The number of a new child, or how one has ended; None while it runs."""
    if "start" in request:
        child = os.fork()
        os.setpgid(child, child)  # by both, so that neither goes on before it is done
        if child == 0:
            become(**request["start"])
        return child
    pid, status = os.waitpid(request["poll"], 0 if request["wait"] else os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if pid else None


def main() -> None:
    gc.disable()
    for name in NEEDED:
        import_module(name)
    gc.freeze()
    gc.enable()
    print("ready", flush=True)
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
