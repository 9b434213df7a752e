"""Many at once: the same work in several threads that start at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from flask import Flask

from lab.extensions import db

Result = TypeVar("Result")


def together(many: int, work: Callable[[int], Result]) -> list[Result]:
    """Run `work(0)` … `work(many - 1)`, each in a thread of its own; all begin together.

    Returns the results in order; the first exception is raised.
    """
    ready = threading.Barrier(many)

    def one(number: int) -> Result:
        ready.wait()
        return work(number)

    with ThreadPoolExecutor(many) as pool:
        return list(pool.map(one, range(many)))


def at_once(app: Flask, many: int, work: Callable[[int], Result]) -> list[Result]:
    """The same with an app context for each, for services; requests bring their own."""

    def one(number: int) -> Result:
        with app.app_context():
            try:
                return work(number)
            finally:
                db.session.remove()

    return together(many, one)
