"""How many objects are in each state, kept in rows of their own beside the objects.

Lists show these numbers on every page, and counting the objects would cost more with every call.
`tally_keeping` keeps them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, Integer, Select, String, func, select
from sqlalchemy.orm import Mapped, mapped_column

from lab.db.state import Stateful, stateful_classes
from lab.extensions import Model

WHOLE = 0  # the scope of classes that are counted as a whole


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


def tallied_classes() -> list[Any]:
    """Return every model that is counted by state."""
    return [cls for cls in stateful_classes() if issubclass(cls, Tallied)]


def of_kind(kind: type[Tallied]) -> ColumnElement[bool]:
    """Return the condition of the rows that count this class."""
    return StateTally.kind == name_of(kind)


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


def name_of(kind: Any) -> str:
    """Return the name under which a class is counted: that of its table."""
    return str(kind.__tablename__)
