"""How many objects are in each state, kept in rows of their own beside the objects.

Lists show these numbers on every page, and counting the objects would cost more with every call.
The session notes every object that comes, goes or changes its state; the commit of the same
transaction adds the differences to the rows, so that what is read is never between the two.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    event,
    func,
    inspect,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import Mapped, ORMExecuteState, Session, mapped_column

from lab.db.state import Stateful, StatusWriteRejected, stateful_classes
from lab.db.upsert import upsert
from lab.extensions import Model

CHANGES = "tally_changes"
WHOLE = 0  # the scope of classes that are counted as a whole
Place = tuple[str, int, str]  # table, scope, state


class Tallied(Stateful):
    """Has a lifecycle, and its objects are counted by state.

    `tally_scope` names the column with the id of what they are counted within, "" for no such.
    """

    tally_scope: ClassVar[str] = ""


class StateTally(Model):
    """The number of one table's rows in one state within one scope; it can be made again."""

    __tablename__ = "state_tally"

    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    scope_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    status: Mapped[str] = mapped_column(String(24), primary_key=True)
    number: Mapped[int] = mapped_column(Integer)


_table: Any = StateTally.__table__


def tallied_classes() -> list[Any]:
    """Return every model that is counted by state."""
    return [cls for cls in stateful_classes() if issubclass(cls, Tallied)]


def of_kind(kind: type[Tallied]) -> ColumnElement[bool]:
    """Return the condition of the rows that count this class."""
    return StateTally.kind == _name(kind)


def numbers_by_state(kind: type[Tallied], *conditions: ColumnElement[bool]) -> Select[str, int]:
    """Return the SELECT of (state, number) over the scopes that fit the conditions."""
    return (
        select(StateTally.status, func.sum(StateTally.number).label("number"))
        .where(of_kind(kind), *conditions)
        .group_by(StateTally.status)
    )


def numbers_by_scope(kind: type[Tallied], scope_ids: Iterable[int]) -> Select[int, str, int]:
    """Return the SELECT of (scope, state, number) of these scopes, without empty ones."""
    within = StateTally.scope_id.in_(list(scope_ids))
    columns = select(StateTally.scope_id, StateTally.status, StateTally.number)
    return columns.where(of_kind(kind), within, StateTally.number != 0)


def scopes_with(kind: type[Tallied], statuses: Iterable[str]) -> Select[int]:
    """Return the SELECT of the scopes in which any object is in one of these states."""
    inside = StateTally.status.in_(list(statuses)), StateTally.number > 0
    return select(StateTally.scope_id).where(of_kind(kind), *inside)


def _name(kind: Any) -> str:
    return str(kind.__tablename__)


# -- keeping them ------------------------------------------------------------------------------


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
    return _name(type(obj)), int(values[0]), str(values[1])


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
    if state.is_delete and statement.table.name in set(map(_name, tallied_classes())):
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
            wrong[_name(kind), int(scope), str(status)] = int(number)
    _add(session, wrong)
    return wrong


def _differences(kind: Any) -> Select[Any]:
    table = kind.__table__
    scope = table.c[kind.tally_scope] if kind.tally_scope else literal(WHOLE)
    counted = select(scope.label("scope"), table.c.status, func.count().label("number")).group_by(
        *((scope,) if kind.tally_scope else ()), table.c.status
    )
    kept = select(_table.c.scope_id, _table.c.status, -_table.c.number)
    both = union_all(counted, kept.where(_table.c.kind == _name(kind))).subquery()
    total = func.sum(both.c.number)
    return (
        select(both.c.scope, both.c.status, total)
        .group_by(both.c.scope, both.c.status)
        .having(total != 0)
    )
