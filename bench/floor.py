"""The floor: bare Flask and raw SQL that bring the same rows onto a page without any frame.

No sign-in, no permissions, no audit: what no portal could go below.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pysqlite3.dbapi2 as sqlite
from flask import Flask, render_template_string, request

ROWS = """<!doctype html><title>t</title><table>{% for row in rows %}<tr>
{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>{% endfor %}</table>
{% for line in counts %}<p>{{ line }}</p>{% endfor %}"""
ONE = """<!doctype html><title>t</title>{% for cell in row %}<p>{{ cell }}</p>{% endfor %}
{% for part in parts %}<ul>{% for line in part %}<li>{{ line }}</li>{% endfor %}</ul>{% endfor %}"""
LIST = """SELECT p.key, p.number, p.title, u.name, u.side, c.title, p.status, p.saved_at
FROM proposal p JOIN unit u ON u.id = p.unit_id JOIN call c ON c.id = p.call_id
WHERE {where} ORDER BY p.saved_at DESC, p.id DESC LIMIT 31"""
LETTERS = """SELECT key, number, subject, kind, status, drafted_at, sent_at
FROM letter ORDER BY id DESC LIMIT 51"""
COUNT = "SELECT status, count(*) FROM proposal WHERE {where} GROUP BY status"
FOUND = """SELECT p.key, e.number, e.title, e.unit, e.abstract, c.title, p.status
FROM search_words w JOIN search_entry e ON e.id = w.rowid
JOIN proposal p ON p.id = e.proposal_id JOIN call c ON c.id = p.call_id
WHERE search_words MATCH ? AND e.audience IN ('all', 'others') ORDER BY w.rowid DESC LIMIT 21"""
PARTS = ("proposal_milestone", "proposal_target", "proposal_person", "formality_check")


def make(database: Path) -> Flask:
    """An app on the same database file."""
    app = Flask("floor")
    connection = sqlite.connect(str(database), check_same_thread=False, isolation_level=None)
    connection.execute("PRAGMA synchronous=FULL")
    pages: dict[str, Callable[[], Any]] = {
        "/list": lambda: _list(connection, "p.status <> 'draft'", "status <> 'draft'"),
        "/own": lambda: _list(connection, "p.owner_id = 3", "owner_id = 3"),
        "/queue": lambda: _list(connection, "p.status = 'submitted'", "status <> 'draft'"),
        "/returned": lambda: _list(connection, "p.status = 'returned'", "status <> 'draft'"),
        "/call-list": lambda: _list(connection, "p.call_id = 10", "call_id = 10"),
        "/letters": lambda: _letters(connection),
        "/search": lambda: _search(connection),
        "/one": lambda: _one(connection, "proposal", PARTS),
        "/call": lambda: _one(connection, "call", ()),
    }
    for path, view in pages.items():
        app.add_url_rule(path, path[1:], view)
    app.add_url_rule("/save", "save", lambda: _save(connection), methods=["POST"])
    return app


def _list(connection: Any, where: str, plain: str) -> str:
    rows = connection.execute(LIST.format(where=where)).fetchall()
    counts = connection.execute(COUNT.format(where=plain)).fetchall()
    return render_template_string(ROWS, rows=rows, counts=counts)


def _letters(connection: Any) -> str:
    rows = connection.execute(LETTERS).fetchall()
    counts = connection.execute("SELECT status, count(*) FROM letter GROUP BY status").fetchall()
    return render_template_string(ROWS, rows=rows, counts=counts)


def _search(connection: Any) -> str:
    rows = connection.execute(FOUND, (request.args["q"],)).fetchall()
    return render_template_string(ROWS, rows=rows, counts=())


def _one(connection: Any, table: str, parts: tuple[str, ...]) -> str:
    key = request.args["id"]
    row = connection.execute(f'SELECT * FROM "{table}" WHERE id = ?', (key,)).fetchone()
    found = [
        connection.execute(f"SELECT * FROM {part} WHERE proposal_id = ?", (key,)).fetchall()
        for part in parts
    ]
    return render_template_string(ONE, row=row, parts=found)


def _save(connection: Any) -> str:
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(
        "UPDATE proposal SET background = ?, mode = ? WHERE id = ?",
        (request.form["background"], request.form["mode"], request.form["id"]),
    )
    connection.execute("COMMIT")
    return "saved"
