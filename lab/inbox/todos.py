"""What waits for the office in its outbox."""

from __future__ import annotations

from flask import url_for

from lab.feature import Todo, TodoSource
from lab.inbox.letters import queries, queries_deadline
from lab.inbox.letters.queries_deadline import AHEAD, DUE
from lab.policy import OFFICE, Actor


def _due_letters(actor: Actor) -> list[Todo]:
    """Return the letters that must go out today at the latest: applicants wait for them."""
    waiting = queries_deadline.waiting_letters(actor)
    if not waiting.due:
        return []
    about = "审查结论待告知，应在下一个工作日内发出"
    address = url_for("letters.index", deadline=DUE)
    return [Todo(f"发送{waiting.due}件到期函件", about, address, waiting.due_on)]


def _letters(actor: Actor) -> list[Todo]:
    """Return the letters that have time, and those whose mails did not arrive."""
    ahead = queries_deadline.waiting_letters(actor).ahead
    troubled = queries.troubled_count(actor)
    todos = []
    if ahead:
        address = url_for("letters.index", deadline=AHEAD)
        todos.append(Todo(f"发送{ahead}件函件", "待发送函件", address))
    if troubled:
        address = url_for("letters.index", status="all", mail="troubled")
        todos.append(Todo(f"处理{troubled}件函件的邮件", "邮件没有送达或结果不明", address))
    return todos


TODOS = (TodoSource(_due_letters, OFFICE, 50), TodoSource(_letters, OFFICE, 140))
