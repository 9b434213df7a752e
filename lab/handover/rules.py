"""Who may receive what somebody hands over. Pure.

Office rule: what is handed over goes to somebody whom the policy would let do it. Whoever carries
the handover out receives nothing by it: the office does not read what was never submitted.
"""

from __future__ import annotations

from dataclasses import dataclass

from lab.policy import Actor
from lab.web.typed.people import KnownPerson

NOT_IN_USE = "的账号已停用"
NOT_ACTIVATED = "的账号还没有启用"
IS_GIVER = "就是交出事项的人"
IS_CLERK = "是办理交接的您本人，请由其他经办人办理"


@dataclass(frozen=True)
class Receiver:
    """A person who is to receive something.

    `enabled`: the account is open and one of staff. `activated`: it has a password, so that the
    person can sign in; one that waits for its slip has none.
    """

    id: int
    key: str
    name: str
    unit_id: int | None
    unit: str
    roles: frozenset[str]
    enabled: bool = True
    activated: bool = True
    apart: str = ""

    @property
    def actor(self) -> Actor:
        """The person as the policy knows them."""
        return Actor(self.id, self.roles, self.unit_id)

    @property
    def label(self) -> str:
        """Name and unit, as wherever people are chosen."""
        return KnownPerson(self.id, self.name, self.unit, self.apart).label


@dataclass(frozen=True)
class HeldItem:
    """One thing that a person holds, named without its content.

    `status` is its state as a code, `state` for people. Whoever receives it works in one of
    `unit_ids` or is one of `people_ids`, and is none of `barred_ids`.
    """

    key: str
    name: str
    state: str
    status: str
    note: str = ""
    unit_ids: frozenset[int] = frozenset()
    people_ids: frozenset[int] = frozenset()
    barred_ids: frozenset[int] = frozenset()

    def is_near(self, receiver: Receiver) -> bool:
        """Return whether the receiver belongs to one of its units or to its people."""
        return receiver.unit_id in self.unit_ids or receiver.id in self.people_ids


def general_obstacle(receiver: Receiver, giver_id: int, clerk_id: int) -> str:
    """Return why this person can receive nothing at all, as the rest of a sentence; "" for none."""
    if not receiver.enabled:
        return NOT_IN_USE
    if not receiver.activated:
        return NOT_ACTIVATED
    if receiver.id == giver_id:
        return IS_GIVER
    return IS_CLERK if receiver.id == clerk_id else ""
