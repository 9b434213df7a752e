"""Transactions that read, transactions that write, and short ones of their own."""

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
    """Whether a transaction that begins now may only read: GET and HEAD, and `reading()`."""
    mode = _mode.get()
    if mode is not None:
        return mode == "read"
    return has_request_context() and request.method in SAFE_METHODS


def lock_timeout() -> float | None:
    """Seconds that a transaction which begins now waits for the write lock; None: the usual."""
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
    """A short transaction of its own, committed at the end; never while another one writes.

    `wait`: seconds to wait for the write lock, less than usual for what may as well be left out.
    """
    return _session("write", wait)


def reading() -> Any:
    """A short read-only transaction of its own, for work that must not hold the write lock."""
    return _session("read")
