"""Answers to readers, kept for every state of the portal that they can be the same in.

A GET is answered in read-only transactions, here at a stopped clock: the answer follows from the
address, the reader's cookie and the rows that its statements return. Where all of them return the
same rows again, the page would come out the same, byte for byte, and is not made a second time.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from flask import Flask
from sqlalchemy import event

from lab.extensions import db
from tests.support.permission_matrix.crawl import Answer, masked
from tests.support.permission_matrix.requests import Visitor

# The end of the audit log moves with every refusal: what is read from it is never the same.
NEVER_THE_SAME = "audit_event"


@dataclass(frozen=True)
class Query:
    """One statement that reads, with its values."""

    statement: str
    values: Any


@dataclass(frozen=True)
class KeptAnswer:
    answer: Answer
    rows: dict[Query, bytes]  # a digest of what each of its queries returned


class KeptAnswers:
    """What the readers of one portal were answered, whatever state it was in."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self._kept: dict[tuple[str, str], list[KeptAnswer]] = defaultdict(list)
        self._now: dict[Query, bytes] = {}  # what queries return in the present state
        self._asked: list[Query] = []  # during the present request
        self._noting_refusal = False
        self._connection: Any = None
        with app.app_context():
            event.listen(db.engine, "before_cursor_execute", self._note)

    def leave(self) -> None:
        """Forget what the database holds, because it changes now."""
        self._now.clear()
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def get(self, visitor: Visitor, path: str) -> Answer:
        """Return the answer to a GET, from the portal unless it is known."""
        kept = self._kept[visitor.name, path]
        for known in kept:
            if all(self._rows(query) == rows for query, rows in known.rows.items()):
                return known.answer
        self._asked.clear()
        answer = masked(visitor.send("GET", path))
        if not any(NEVER_THE_SAME in query.statement for query in self._asked):
            kept.append(KeptAnswer(answer, {query: self._rows(query) for query in self._asked}))
        return answer

    def _note(self, _c: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        """Note what a request reads, except in the transaction that notes a refusal."""
        if statement.startswith("PRAGMA query_only="):
            self._noting_refusal = statement.endswith("0")
        elif not self._noting_refusal and statement != "BEGIN":
            self._asked.append(Query(statement, values))

    def _rows(self, query: Query) -> bytes:
        if query not in self._now:
            found = self._connected().execute(query.statement, query.values).fetchall()
            self._now[query] = sha256(repr(found).encode()).digest()
        return self._now[query]

    def _connected(self) -> Any:
        if self._connection is None:
            with self.app.app_context():
                self._connection = db.engine.raw_connection()
        return self._connection.driver_connection
