"""Starts real web servers quickly, one after the other, for tests that kill them.

Run as a process of its own. It imports the portal once; for each line on standard input it forks a
child that becomes gunicorn, leader of its own process group, and prints the child's number.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module


def warm_up() -> None:
    """Import everything that a server imports, without making an app or opening a database."""
    for name in ("lab.factory", "gunicorn.app.wsgiapp", "gunicorn.workers.gthread"):
        import_module(name)


def become_gunicorn() -> None:
    """Never returns."""
    from gunicorn.app.wsgiapp import run

    os.setsid()
    sys.argv = ["gunicorn", "app:app"]
    run()


def main() -> None:
    warm_up()
    print("ready", flush=True)
    for _line in sys.stdin:
        child = os.fork()
        if child == 0:
            os.close(0)
            os.open(os.devnull, os.O_RDONLY)
            become_gunicorn()
        print(child, flush=True)
        os.waitpid(child, 0)
        print("gone", flush=True)


if __name__ == "__main__":
    main()
