"""The states that a list can be narrowed to, with the number of its rows in each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lab.workflow import State, StateMachine


@dataclass(frozen=True)
class StateCount:
    """The number of a list's rows in one state."""

    state: State
    number: int


def state_counts(machine: StateMachine, numbers: Mapping[str, int]) -> tuple[StateCount, ...]:
    """Return the counts in the order of the lifecycle, without states that nothing is in."""
    return tuple(
        StateCount(state, numbers[state.code]) for state in machine.states if state.code in numbers
    )


@dataclass(frozen=True)
class StateFilter:
    """What the address asks of a list.

    `counts` are by state, whichever is selected; `args` has as its `status` the code of a state,
    "all" or "".
    """

    counts: tuple[StateCount, ...]
    args: Mapping[str, str]

    @property
    def selected(self) -> str:
        """The state that the list is narrowed to."""
        return self.args["status"]

    @property
    def total(self) -> int:
        """The number of rows in all states."""
        return sum(count.number for count in self.counts)
