"""Reject changes to published facts, whoever writes the row.

Services reject such changes with a message; this is the guard below them.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import event, inspect, select
from sqlalchemy.orm import ORMExecuteState, Session, object_session


class PublishedFactChanged(Exception):
    """Something changed or deleted a published fact."""


@event.listens_for(Session, "before_flush")
def _reject_changed_facts(session: Session, _context: Any, _instances: Any) -> None:
    for row in session.deleted:
        if _states_public_facts(row):
            raise PublishedFactChanged(f"{type(row).__name__} deleted")
    for row in session.dirty:
        columns = _published_columns(row)
        if columns and _states_public_facts(row):
            changed = sorted(name for name in columns if _is_changed(row, name))
            if changed:
                raise PublishedFactChanged(f"{type(row).__name__}.{', '.join(changed)}")


@event.listens_for(Session, "do_orm_execute")
def _reject_mass_writes(state: ORMExecuteState) -> None:
    """Reject bulk writes, which bypass the flush, where they could touch published facts."""
    if not (state.is_update or state.is_delete):
        return
    statement: Any = state.statement
    mapper = state.bind_mapper
    columns: frozenset[str] = getattr(mapper and mapper.class_, "published_columns", frozenset())
    if state.is_delete:
        columns_written = set(columns)
    elif isinstance(state.parameters, list):
        columns_written = {name for row in state.parameters for name in row}
    else:
        columns_written = set(statement.compile().params)
    if columns & columns_written:
        raise PublishedFactChanged(f"{statement.table.name}: many rows at once")


def _published_columns(row: Any) -> frozenset[str]:
    columns: frozenset[str] = getattr(type(row), "published_columns", frozenset())
    return columns


def _states_public_facts(row: Any) -> bool:
    """Return whether the stored row, before this write, comes from a public report."""
    if not _published_columns(row):
        return False
    if hasattr(type(row), "origin"):
        return bool(_stored_value(row, "origin") == "published")
    return bool(_stored_value(row, "source_label"))


def _is_changed(row: Any, name: str) -> bool:
    return bool(_stored_value(row, name) != getattr(row, name))


def _stored_value(row: Any, name: str) -> Any:
    """Return the value before this write, re-reading it where the session no longer has it."""
    history = inspect(row).attrs[name].history
    if not history.has_changes():
        return getattr(row, name)
    if history.deleted:
        return history.deleted[0]
    table = type(row)
    session = object_session(row)
    assert session is not None  # it is being flushed
    return session.scalar(select(getattr(table, name)).where(table.id == row.id))
