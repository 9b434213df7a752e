"""What waits for the office after an account was disabled."""

from __future__ import annotations

from flask import url_for

from lab.feature import Todo, TodoSource
from lab.handover.people.queries import unfinished_handovers
from lab.policy import OFFICE, Actor

MOST = 5


def _handovers(actor: Actor) -> list[Todo]:
    """Return one for each person; beyond MOST people one for all of them."""
    rows = unfinished_handovers(actor, MOST + 1)
    if len(rows) > MOST:
        return [
            Todo(f"离岗交接：还有{MOST}人以上未交接", "已停用的账号", url_for("handover.index"))
        ]
    return [
        Todo(
            f"离岗交接：{row.name}还有{row.total}项未交接",
            row.unit,
            url_for("handover.show", key=row.key),
        )
        for row in rows
    ]


TODOS = (TodoSource(_handovers, OFFICE, 195),)
