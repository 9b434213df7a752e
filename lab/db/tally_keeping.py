"""The numbers by state are kept by the session, and can be counted again.

The session notes every object that comes, goes or changes its state; the commit of the same
transaction adds the differences to the rows, so that what is read is never between the two.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, event, func, inspect, literal, select, union_all
from sqlalchemy.orm import ORMExecuteState, Session

from lab.db.state import StatusWriteRejected
from lab.db.tallies import WHOLE, StateTally, Tallied, name_of, tallied_classes
from lab.db.upsert import upsert

CHANGES = "tally_changes"
Place = tuple[str, int, str]  # table, scope, state
_table: Any = StateTally.__table__


def note_inserted(session: Session, objects: Sequence[Any]) -> None:
    """Count objects that are inserted past the session's own flush."""
    changes = _changes(session)
    for obj in objects:
        if isinstance(obj, Tallied):
            changes[_place(obj)] += 1


def _changes(session: Session) -> Counter[Place]:
    changes: Counter[Place] = session.info.setdefault(CHANGES, Counter())
    return changes


def _place(obj: Any, *, before: bool = False) -> Place:
    scope = obj.tally_scope
    values = [_value(obj, name, before=before) if name else WHOLE for name in (scope, "status")]
    return name_of(type(obj)), int(values[0]), str(values[1])


def _value(obj: Any, name: str, *, before: bool) -> Any:
    state: Any = inspect(obj)
    replaced = state.attrs[name].history.deleted if before else ()
    return replaced[0] if replaced else getattr(obj, name)


def _moves(session: Session) -> Iterator[tuple[Place, int]]:
    for obj in session.new:
        if isinstance(obj, Tallied):
            yield _place(obj), 1
    for obj in session.deleted:
        if isinstance(obj, Tallied):
            yield _place(obj, before=True), -1
    for obj in session.dirty:
        if isinstance(obj, Tallied):
            yield _place(obj, before=True), -1
            yield _place(obj), 1


@event.listens_for(Session, "after_flush")
def _note_moves(session: Session, _context: Any) -> None:
    for place, number in _moves(session):
        _changes(session)[place] += number


@event.listens_for(Session, "do_orm_execute")
def _reject_mass_deletion(state: ORMExecuteState) -> None:
    """Reject a bulk DELETE of counted rows: the session would not see how many go."""
    statement: Any = state.statement
    if state.is_delete and statement.table.name in set(map(name_of, tallied_classes())):
        raise StatusWriteRejected(statement.table.name)


@event.listens_for(Session, "before_commit")
def _store_changes(session: Session) -> None:
    session.flush()
    _add(session, session.info.pop(CHANGES, {}))


@event.listens_for(Session, "after_rollback")
def _discard_changes(session: Session) -> None:
    session.info.pop(CHANGES, None)


def _add(session: Session, changes: Mapping[Place, int]) -> None:
    """Add differences to the rows: no number is read before, so none is lost to another writer.

    In one order for all writers, who would else wait for each other in a circle on PostgreSQL.
    """
    rows = [
        {"kind": kind, "scope_id": scope, "status": status, "number": number}
        for (kind, scope, status), number in sorted(changes.items())
        if number
    ]
    if not rows:
        return
    added = upsert(session, _table).values(rows)
    session.connection().execute(
        added.on_conflict_do_update(
            index_elements=list(_table.primary_key),
            set_={"number": _table.c.number + added.excluded.number},
        )
    )


# -- counting again ----------------------------------------------------------------------------


def mend(session: Session) -> dict[Place, int]:
    """Count all objects and correct the rows; return what had to be added to which.

    One statement sees both, and the difference is added like any other change: writers go on.
    """
    wrong = {}
    for kind in tallied_classes():
        for scope, status, number in session.connection().execute(_differences(kind)):
            wrong[name_of(kind), int(scope), str(status)] = int(number)
    _add(session, wrong)
    return wrong


def _differences(kind: Any) -> Select[Any]:
    table = kind.__table__
    scope = table.c[kind.tally_scope] if kind.tally_scope else literal(WHOLE)
    counted = select(scope.label("scope"), table.c.status, func.count().label("number")).group_by(
        *((scope,) if kind.tally_scope else ()), table.c.status
    )
    kept = select(_table.c.scope_id, _table.c.status, -_table.c.number)
    both = union_all(counted, kept.where(_table.c.kind == name_of(kind))).subquery()
    total = func.sum(both.c.number)
    return (
        select(both.c.scope, both.c.status, total)
        .group_by(both.c.scope, both.c.status)
        .having(total != 0)
    )
