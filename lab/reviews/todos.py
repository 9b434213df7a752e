"""What waits for reviewers."""

from __future__ import annotations

from flask import url_for

from lab.feature import Todo, TodoSource
from lab.policy import REVIEWER, Actor
from lab.reviews.rules.lifecycle import OWED
from lab.reviews.sheets.queries import own_rounds


def _sheets(actor: Actor) -> list[Todo]:
    """Count only what the reviewer may see: an own-unit proposal does not even count."""
    owed = [
        (row.title, sum(sheet.state.code in OWED for sheet in row.sheets))
        for row in own_rounds(actor.id)
        if row.open
    ]
    return [
        Todo(f"评审{count}份申报书", title, url_for("reviews.own_reviews"))
        for title, count in owed
        if count
    ]


TODOS = (TodoSource(_sheets, REVIEWER, 110),)
