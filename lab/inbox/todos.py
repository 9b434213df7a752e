"""What waits for the office in its outbox."""

from __future__ import annotations

from flask import url_for

from lab.feature import Todo, TodoSource
from lab.inbox.letters import queries as letters
from lab.policy import OFFICE, Actor


def _letters(actor: Actor) -> list[Todo]:
    unsent, troubled = letters.outbox_counts(actor)
    todos = []
    if unsent:
        todos.append(Todo(f"发送{unsent}件函件", "待发送函件", url_for("letters.index")))
    if troubled:
        address = url_for("letters.index", status="all", mail="troubled")
        todos.append(Todo(f"处理{troubled}件函件的邮件", "邮件没有送达或结果不明", address))
    return todos


TODOS = (TodoSource(_letters, OFFICE, 140),)
