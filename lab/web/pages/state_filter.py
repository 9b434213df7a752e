"""The states that a list can be narrowed to, with the number of its rows in each."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from lab.workflow import State, StateMachine

# Texts with the words looked for are counted up to here: beyond, nobody reads on, and the cost
# would grow. How many of them a list shows is not known then.
COUNTED_AT_MOST = 500


@dataclass(frozen=True)
class StateCount:
    """The number of a list's rows in one state, None where they are too many to be counted."""

    state: State
    number: int | None


def uncounted_states(machine: StateMachine, codes: Collection[str]) -> tuple[StateCount, ...]:
    """Return these states in the order of the lifecycle, without numbers."""
    return tuple(StateCount(state, None) for state in machine.states if state.code in codes)


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
    def total(self) -> str:
        """The number of rows in all states, "" where they are not counted."""
        numbers = [count.number for count in self.counts if count.number is not None]
        return str(sum(numbers)) if len(numbers) == len(self.counts) else ""
