"""The single formatter of log records."""

from __future__ import annotations

import logging
from typing import Any

from pythonjsonlogger.json import JsonFormatter

from lab.logs.exceptions import describe, headline
from lab.logs.locations import short_name

FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"
OWN = ("lab",)
HIDDEN = "…"


class Formatter(JsonFormatter):
    """JSON lines.

    Exceptions without their messages; of other packages' messages only the constants.

    Another package's message is either a constant with arguments, of which only numbers are shown,
    or preformatted: then it may quote anything, and only its location is logged.
    """

    def __init__(self) -> None:
        super().__init__(FORMAT, json_ensure_ascii=False)

    def format(self, record: logging.LogRecord) -> str:
        clean = logging.makeLogRecord(record.__dict__)
        clean.exc_text = None
        clean.stack_info = None
        clean.msg, clean.args = _message_text(record), ()
        return super().format(clean)

    def formatException(self, ei: Any) -> str:
        return describe(ei[1], ei[2]) if ei and ei[1] is not None else ""


def _message_text(record: logging.LogRecord) -> str:
    if isinstance(record.msg, BaseException):
        return headline(record.msg)
    own = record.name.split(".")[0] in OWN
    if not record.args and not own:
        return f"{short_name(record.pathname)}:{record.lineno}"
    try:
        return str(record.msg) % _shown(record.args, own) if record.args else str(record.msg)
    except (TypeError, ValueError, KeyError):
        return str(record.msg)


def _shown(args: Any, own: bool) -> Any:
    if isinstance(args, dict):
        return {name: _value(value, own) for name, value in args.items()}
    return tuple(_value(value, own) for value in args)


def _value(value: Any, own: bool) -> Any:
    if isinstance(value, BaseException):
        return headline(value)
    plain = isinstance(value, int | float) or (own and isinstance(value, str))
    return value if plain else HIDDEN
