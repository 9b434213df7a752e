"""The page of a person: everything that is to be handed over, and what stays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lab.feature import registry
from lab.handover.carrying_out import queries
from lab.handover.carrying_out.queries import HeldKind
from lab.handover.kinds import KEPT, WITHDRAWN, KeptLine
from lab.handover.records import queries as records
from lab.handover.records.queries import RecordRow
from lab.handover.rules import HeldItem
from lab.identity.core.role_labels import role_labels
from lab.identity.models.account import Person
from lab.policy import STAFF, Actor

# To-dos that follow from what the person holds. Those of a reviewer and of an applicant would tell
# of proposals that the reader must not know of, or not by whom they are led; the others are their
# role's.
PERSONAL_ROLES = (STAFF,)


@dataclass(frozen=True)
class WithdrawnPart:
    """Things of one kind that are withdrawn, and why they are not handed over."""

    label: str
    why: str
    rows: Sequence[HeldItem]


@dataclass(frozen=True)
class KeptPart:
    """Things of one kind that stay, and why."""

    label: str
    why: str
    lines: Sequence[KeptLine]


@dataclass(frozen=True)
class PersonHoldings:
    """Everything that a person holds, by kind and name without contents.

    `number` is that of the person's last handover, `todos` what waits for the person and goes
    along with what is handed over.
    """

    key: str
    name: str
    unit: str
    roles: Sequence[str]
    disabled_at: datetime | None
    number: int
    kinds: Sequence[HeldKind]
    withdrawn: Sequence[WithdrawnPart]
    todos: Sequence[KeptLine]
    kept: Sequence[KeptPart]
    records: Sequence[RecordRow]

    @property
    def left(self) -> int:
        """How many things are left to hand over or to withdraw."""
        handed_over = sum(len(kind.rows) for kind in self.kinds)
        return handed_over + sum(len(part.rows) for part in self.withdrawn)


def person_holdings(person: Person, reader: Actor) -> PersonHoldings:
    """Return what the page of a person shows."""
    return PersonHoldings(
        key=person.key,
        name=person.name,
        unit=person.unit_name,
        roles=role_labels(person.roles),
        disabled_at=person.disabled_at,
        number=records.newest_number(person.id),
        kinds=queries.held_kinds(reader, person.id),
        withdrawn=_withdrawn(person, reader),
        todos=_todos(person),
        kept=_kept(person, reader),
        records=records.record_rows(person.id),
    )


def _withdrawn(person: Person, reader: Actor) -> list[WithdrawnPart]:
    parts = [
        WithdrawnPart(kind.label, kind.why, kind.items(reader, person.id))
        for kind in WITHDRAWN.extensions()
    ]
    return [part for part in parts if part.rows]


def _kept(person: Person, reader: Actor) -> list[KeptPart]:
    parts = [
        KeptPart(kind.label, kind.why, kind.lines(reader, person)) for kind in KEPT.extensions()
    ]
    return [part for part in parts if part.lines]


def _todos(person: Person) -> list[KeptLine]:
    actor = Actor(person.id, person.roles, person.unit_id)
    sources = [source for source in registry().todos if source.role in PERSONAL_ROLES]
    tasks = Counter(todo.task for source in sources for todo in source.find(actor))
    return [KeptLine(task, count) for task, count in tasks.items()]
