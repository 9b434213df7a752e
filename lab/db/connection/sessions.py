"""Reading transactions, writing transactions, and short separate ones."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from flask import has_request_context, request
from sqlalchemy.orm import Session

from lab.extensions import db

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_lock_timeout: ContextVar[float | None] = ContextVar("lab_transaction_patience", default=None)
_mode: ContextVar[str | None] = ContextVar("lab_transaction_mode", default=None)


def is_read_only() -> bool:
    """Return whether a transaction that begins now is read-only: GET and HEAD, and `reading()`."""
    mode = _mode.get()
    if mode is not None:
        return mode == "read"
    return has_request_context() and request.method in SAFE_METHODS


def lock_timeout() -> float | None:
    """Return the write-lock timeout in seconds of a transaction that begins now.

    None: the default.
    """
    return _lock_timeout.get()


@contextmanager
def _session(mode: str, wait: float | None = None) -> Iterator[Session]:
    token, waiting = _mode.set(mode), _lock_timeout.set(wait)
    session = Session(db.engine, expire_on_commit=False)
    try:
        yield session
        if mode == "write":
            session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.close()
        _mode.reset(token)
        _lock_timeout.reset(waiting)


def writing(wait: float | None = None) -> Any:
    """Open a short separate transaction that commits at the end; never while another one writes.

    `wait`: write-lock timeout in seconds, below the default for optional work.
    """
    return _session("write", wait)


def reading() -> Any:
    """Open a short separate read-only transaction, for work that must not hold the write lock."""
    return _session("read")
