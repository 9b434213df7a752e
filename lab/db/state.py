"""The only way to change a state, and the constraints behind it."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, ClassVar

import sqlalchemy
from sqlalchemy import CheckConstraint, String, TextClause, event, text
from sqlalchemy.orm import Mapped, ORMExecuteState, Session, mapped_column, validates

from lab.workflow import StateMachine, TransitionRejected


class StatusWriteRejected(Exception):
    """Something wrote `status` without going through `transition`."""


class Stateful:
    """Has a lifecycle. Only `transition` writes `status`; anything else raises."""

    machine: ClassVar[StateMachine]
    status: Mapped[str] = mapped_column(String(24), nullable=False)

    @validates("status")
    def _reject_direct_write(self, _name: str, value: str) -> str:
        if self.__dict__.get("_door") != value:
            raise StatusWriteRejected(f"{type(self).__name__}.status")
        return value

    def begin(self) -> None:
        """Put a new object into the initial state of its lifecycle."""
        self._set_status(self.machine.initial)

    def restore(self, code: str) -> None:
        """Put a new object that is known only from a public report into the reported state."""
        self.machine.state(code)  # raises KeyError for an unknown one
        new = sqlalchemy.inspect(self).transient and not self.__dict__.get("status")
        if not new or not getattr(self, "source_label", ""):
            raise StatusWriteRejected(f"{type(self).__name__} is not new or has no source")
        self._set_status(code)

    def record_state(self, valid_from: date | None, why: str) -> None:
        """Record a new state; called at each transition.

        `valid_from` is the day it is valid from (None: today), `why` why that day is earlier.

        Overridden by models that keep a history of their state.
        """

    def _set_status(self, code: str, valid_from: date | None = None, why: str = "") -> None:
        self.__dict__["_door"] = code
        try:
            self.status = code
        finally:
            del self.__dict__["_door"]
        self.record_state(valid_from, why)


def transition(
    obj: Stateful, action: str, *, valid_from: date | None = None, why: str = "", **evidence: Any
) -> str:
    """Change the state, the only way: apply `action`, write its evidence, return the old state.

    `valid_from` is the day the new state holds from (None: the day of the action), `why` the reason
    for an earlier one. Raises TransitionRejected when the lifecycle has no such row or when
    evidence is missing.
    """
    transition_row = obj.machine.transition_for(obj.status, action)
    for name, value in evidence.items():
        setattr(obj, name, value)
    missing = [name for name in transition_row.evidence if getattr(obj, name, None) in (None, "")]
    if missing:
        raise TransitionRejected(f"{transition_row.label}还缺少必要内容。")
    old = obj.status
    obj._set_status(transition_row.target, valid_from, why)
    return old


@event.listens_for(Session, "do_orm_execute")
def _reject_mass_writes(state: ORMExecuteState) -> None:
    """Reject a bulk UPDATE that names `status`: it would bypass `transition`."""
    if not state.is_update:
        return
    statement: Any = state.statement
    if statement.table.name not in {cls.__tablename__ for cls in stateful_classes()}:
        return
    parameters = (
        state.parameters if isinstance(state.parameters, list) else [state.parameters or {}]
    )
    given = {str(name) for row in parameters for name in row}
    # Without names given, an UPDATE that sets nothing itself would be read as one of all columns.
    if "status" in given | set(statement.compile(column_keys=sorted(given) or None).params):
        raise StatusWriteRejected(statement.table.name)


def stateful_classes(parent: type[Any] = Stateful) -> list[Any]:
    """Return every model with a lifecycle."""
    below = [cls for child in parent.__subclasses__() for cls in stateful_classes(child)]
    return [parent, *below] if hasattr(parent, "__tablename__") else below


def status_check(state_machine: StateMachine) -> CheckConstraint:
    """Return a CHECK that `status` is one of the lifecycle's codes."""
    return one_of("status", state_machine.codes)


def one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    """Return a CHECK that a text column holds one of these codes (or NULL)."""
    for value in values:
        if not re.fullmatch(r"[A-Za-z0-9_]+", value):
            raise ValueError(value)
    return CheckConstraint(f"{column} IN ({_listed(values)})", name=f"{column}_known")


def in_state(state: str) -> TextClause:
    """Return the condition of an index over the rows in this state alone."""
    return text(f"status = '{state}'")


def unless_in(*states: str) -> str:
    """Return the text of a CHECK as far as it spares the rows in other states than these."""
    if len(states) == 1:
        return f"status <> '{states[0]}'"
    return f"status NOT IN ({_listed(states)})"


def evidence_check(
    name: str, states: tuple[str, ...], *columns: str, or_source: bool = False
) -> CheckConstraint:
    """Return a CHECK that the evidence columns are filled in these states.

    `or_source`: a row known only from a public report (source_label) need not have them.
    """
    filled = " AND ".join(f"{column} IS NOT NULL" for column in columns)
    source = " OR source_label <> ''" if or_source else ""
    return CheckConstraint(
        f"status NOT IN ({_listed(states)}) OR ({filled}){source}", name=f"{name}_evidence"
    )


def _listed(values: tuple[str, ...]) -> str:
    return ", ".join(f"'{value}'" for value in values)
