"""What people may hold. The feature that owns a kind of thing describes it.

`counts` of a kind takes the reader and a SELECT of ids of people; it returns a SELECT with the
columns person_id and total for those of them who hold something, as far as the reader may know of
it. `items` takes the reader and a person's id and returns the things themselves, in a fixed number
of queries.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lab.feature import ExtensionPoint
from lab.handover.rules import HeldItem, Receiver
from lab.identity.models.account import Person
from lab.policy import Actor

Counts = Callable[[Actor, Any], Any]
Items = Callable[[Actor, int], Sequence[HeldItem]]
Facts = Mapping[str, str]

NO_LONGER_HELD = "有事项已不在其名下，可能刚刚提交、答复或由他人办理，请返回刷新后再办理。"


@dataclass(frozen=True)
class HandedOverKind:
    """Things that go to somebody else.

    `rule` says who may receive one; `obstacle` says why a person may not, as the rest of a sentence
    that begins with the name, "" where nothing stands in the way. `hand_over` takes the giver, the
    receivers by the key of the item and the facts for the audit lines; it locks and changes the
    items, writes a line for each and notifies the receivers. It raises Rejected
    with NO_LONGER_HELD for an item that the giver no longer holds.
    """

    code: str
    label: str
    rule: str
    counts: Counts
    items: Items
    obstacle: Callable[[HeldItem, Receiver], str]
    hand_over: Callable[[Person, Mapping[str, Receiver], Facts], None]


@dataclass(frozen=True)
class Withdrawn:
    """What was withdrawn for one object: its key, its name in the record."""

    key: str
    name: str


@dataclass(frozen=True)
class WithdrawnKind:
    """Things that are never handed over, but withdrawn and given out anew.

    `why` says so. `withdraw` takes clerk, giver and the facts for the audit lines and withdraws all
    that the clerk may know of, with a line for each object. `next_step` is the endpoint of the page
    that gives out anew, by the key of the object.
    """

    code: str
    label: str
    why: str
    counts: Counts
    items: Items
    withdraw: Callable[[Person, Person, Facts], Sequence[Withdrawn]]
    next_step: str


@dataclass(frozen=True)
class KeptLine:
    """Something that stays where it is, with how many there are."""

    name: str
    count: int


@dataclass(frozen=True)
class KeptKind:
    """Things that stay with the person, or with the role; `why` says so."""

    label: str
    why: str
    lines: Callable[[Actor, Person], Sequence[KeptLine]]


HANDED_OVER: ExtensionPoint[HandedOverKind] = ExtensionPoint(
    "what is handed over", key=lambda kind: kind.code
)
WITHDRAWN: ExtensionPoint[WithdrawnKind] = ExtensionPoint(
    "what is withdrawn at a handover", key=lambda kind: kind.code
)
KEPT: ExtensionPoint[KeptKind] = ExtensionPoint(
    "what is never handed over", key=lambda kind: kind.label
)
