"""To-dos of those who may release pending requests."""

from __future__ import annotations

from flask import url_for

from lab import clock
from lab.feature import Todo, TodoSource
from lab.policy import ANYONE, Actor
from lab.releases.requests.queries import awaiting_decision_of
from lab.workdays.queries import due_note


def _releases(actor: Actor) -> list[Todo]:
    return [
        Todo(
            f"复核{row.label}",
            row.about,
            url_for("releases.show", key=row.key),
            clock.beijing(row.due_at).date(),
            due_note(row.due_at),
        )
        for row in awaiting_decision_of(actor)
    ]


TODOS = (TodoSource(_releases, ANYONE, 250),)
