"""Install the formatter where lines leave the process."""

from __future__ import annotations

import logging
import sys
import threading
from types import TracebackType
from typing import Any

from lab.logs.formatting import Formatter

log = logging.getLogger("lab.process")


class StderrHandler(logging.StreamHandler[Any]):
    """Write to stderr in our format; the type distinguishes it from other handlers."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(Formatter())


def to_stderr(level: str) -> None:
    """Write the portal's log records, and other packages' warnings, to stderr."""
    logging.getLogger("lab").setLevel(level)
    root = logging.getLogger()
    if not any(isinstance(handler, StderrHandler) for handler in root.handlers):
        root.addHandler(StderrHandler())


def guard_process() -> None:
    """Route everything that bypasses the log through it, in a process whose stderr is the log.

    Uncaught exceptions of the process and its threads, warnings, and records that cannot be
    formatted, which Python would print with all their arguments.
    """
    logging.raiseExceptions = False
    logging.captureWarnings(True)
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread
    sys.unraisablehook = _unraisable


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if not issubclass(kind, KeyboardInterrupt):
        log.critical("the process ends", exc_info=(kind, error, trace))


def _uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None and not isinstance(args.exc_value, SystemExit):
        log.critical("a thread ends", exc_info=(args.exc_type, args.exc_value, args.exc_traceback))


def _unraisable(args: Any) -> None:
    if args.exc_value is not None:
        log.error(
            "an error that nobody takes",
            exc_info=(args.exc_type, args.exc_value, args.exc_traceback),
        )
