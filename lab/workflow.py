"""State machines as tables of (state, action) -> state. Pure: no Flask, no database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

Step = tuple[str, str, None]  # of a strip: label, done | current | todo, no address
StateGroup = tuple[str, ...]  # the codes of one lifecycle's states that a rule treats alike
TONES = ("grey", "blue", "green", "yellow", "red")


class TransitionRejected(Exception):
    """The action is not possible in the current state; `message` says so in Chinese."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True)
class State:
    """One state: code in the database, label on the page, tone of its badge.

    The code is kept as plain text, also when it is given as the member of an enumeration.
    """

    code: str
    label: str
    tone: str = "grey"

    def __post_init__(self) -> None:
        if self.tone not in TONES:
            raise ValueError(f"unknown tone {self.tone}")
        object.__setattr__(self, "code", str(self.code))


@dataclass(frozen=True)
class Transition:
    """One row of the table: from any of `sources`, `action` (labelled `label`) leads to `target`.

    `evidence` names the columns that must be filled when the transition is used.
    """

    action: str
    label: str
    sources: tuple[str, ...]
    target: str
    evidence: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "sources", tuple(map(str, self.sources)))
        object.__setattr__(self, "target", str(self.target))


@dataclass(frozen=True)
class StateMachine:
    """The lifecycle of one kind of object. Every object starts in the first state."""

    name: str
    states: tuple[State, ...]
    transitions: tuple[Transition, ...]
    _index: dict[tuple[str, str], Transition] = field(
        default_factory=dict, init=False, compare=False
    )
    _groups: list[StateGroup] = field(default_factory=list, init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        codes = {state.code for state in self.states}
        for transition in self.transitions:
            for source in transition.sources:
                if source not in codes or transition.target not in codes:
                    raise ValueError(f"{self.name}: {transition.action} names an unknown state")
                if (source, transition.action) in self._index:
                    raise ValueError(f"{self.name}: {transition.action} stands twice for {source}")
                self._index[source, transition.action] = transition

    @property
    def initial(self) -> str:
        return self.states[0].code

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(state.code for state in self.states)

    @property
    def groups(self) -> tuple[StateGroup, ...]:
        """Every group of states that has a name."""
        return tuple(self._groups)

    def group(self, *codes: str) -> StateGroup:
        """Define the states that a rule treats alike; the constant it is given to is their name.

        Raises ValueError for no state, an unknown one, another order than the table's, and for
        states that have a name already: then that name is the one to use.
        """
        group = tuple(code for code in self.codes if code in codes)
        if not group or group != codes:
            raise ValueError(f"{self.name}: {codes} are no states in the order of the table")
        if group in self._groups:
            raise ValueError(f"{self.name}: {codes} have a name already")
        self._groups.append(group)
        return group

    def group_from(self, code: str) -> StateGroup:
        """Define a group of this state and all that follow it in the table."""
        return self.group(*self.codes[self.codes.index(code) :])

    def state(self, code: str) -> State:
        """Return the state with this code. Raises KeyError for an unknown one."""
        for state in self.states:
            if state.code == code:
                return state
        raise KeyError(code)

    def labels(self, *codes: str) -> dict[str, str]:
        """Return the labels of these states by code. Raises KeyError for an unknown one."""
        return {code: self.state(code).label for code in codes}

    def steps(self, code: str, path: StateGroup = ()) -> list[Step]:
        """Return the way through these states, or all, as a strip with `code` as the current one.

        Raises ValueError for a state that is not on the way.
        """
        path = path or self.codes
        current = path.index(code)
        marks = ["done"] * current + ["current"] + ["todo"] * (len(path) - current - 1)
        return [
            (self.state(stop).label, mark, None) for stop, mark in zip(path, marks, strict=True)
        ]

    def allows(self, code: str, action: str) -> bool:
        return (code, action) in self._index

    def transitions_from(self, code: str) -> tuple[Transition, ...]:
        """Return the transitions available in this state, in table order."""
        return tuple(transition for transition in self.transitions if code in transition.sources)

    def sources(self, action: str) -> frozenset[str]:
        """Return the states in which the action is possible."""
        return frozenset(source for (source, name) in self._index if name == action)

    def transition_for(self, code: str, action: str) -> Transition:
        """Return the row for this action. Raises TransitionRejected when the table has none."""
        transition = self._index.get((code, action))
        if transition is None:
            label = next((s.label for s in self.transitions if s.action == action), action)
            raise TransitionRejected(f"当前状态为“{self.state(code).label}”，不能{label}。")
        return transition

    def reachable(self) -> frozenset[str]:
        """Return every state reachable from the first one."""
        seen, queue = {self.initial}, [self.initial]
        while queue:
            state = queue.pop()
            for transition in self.transitions_from(state):
                if transition.target not in seen:
                    seen.add(transition.target)
                    queue.append(transition.target)
        return frozenset(seen)


def labels(lifecycle: StateMachine, codes: Iterable[str]) -> str:
    """Return the labels of several states joined for a sentence."""
    return "、".join(lifecycle.state(code).label for code in codes)
