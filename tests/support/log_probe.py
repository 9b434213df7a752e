"""Does a form's failure quote in the log what was typed into it?"""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import event
from sqlalchemy.exc import ProgrammingError

from lab.extensions import db
from lab.logs.setup import StderrHandler
from tests.support.corpus.cases import Case
from tests.support.corpus.forms import FormPage
from tests.support.corpus.portal import Portal

MARK = Case("", "标记7H3Q秘密", "looked for in the log")


def quoting_failures(portal: Portal, form: FormPage) -> list[str]:
    """Send the form with a mark in its texts while the database breaks: what is wrong then."""
    with written() as stream, broken_writes(portal.app):
        answer = portal.post(form, {control.name: MARK for control in form.controls})
    said = stream.getvalue()
    quoted = MARK.text in said or MARK.text.encode("unicode_escape").decode() in said
    return [f"{form.name} ({answer.status_code}) quotes: {said}"] if quoted else []


@contextmanager
def written() -> Iterator[io.StringIO]:
    """What the process would write to stderr meanwhile, requests and failures."""
    stream, root, lab = io.StringIO(), logging.getLogger(), logging.getLogger("lab")
    handler, level = StderrHandler(), lab.level
    handler.setStream(stream)
    root.addHandler(handler)
    lab.setLevel("INFO")
    try:
        yield stream
    finally:
        root.removeHandler(handler)
        lab.setLevel(level)


@contextmanager
def broken_writes(app: Flask) -> Iterator[None]:
    """Every statement that writes fails with an error that quotes all its values."""

    def fail(_c: Any, _cursor: Any, statement: str, values: Any, _x: Any, _many: bool) -> None:
        if statement.startswith(("INSERT", "UPDATE", "DELETE")):
            quoting = ValueError(f"Key ({values}) already exists")
            raise RuntimeError(str(values)) from ProgrammingError(statement, values, quoting)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", fail)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", fail)
