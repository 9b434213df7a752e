"""When a process counts as running, and which ones may not run beside each other. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

KINDS = (WEB, WORKER) = ("web", "worker")
HOST_LENGTH = 64
FRESH_SECONDS = 120  # a heartbeat older than this belongs to a process that has gone
BEAT_SECONDS = 30


@dataclass(frozen=True)
class Node:
    """One machine with its instance folder: the folder's random number and the machine's name."""

    number: str
    host: str


@dataclass(frozen=True)
class Seen:
    """A kind of process of a node, and how many seconds ago it was seen (database's clock)."""

    node: Node
    kind: str
    seconds: float

    @property
    def running(self) -> bool:
        """Seen in the last two minutes.

        A time in the future by more than that was written before the clock was set back, or came
        with a restored database: it says nothing of the present.
        """
        return abs(self.seconds) < FRESH_SECONDS


class Conflict(Enum):
    """Why a node must not run beside what runs already."""

    OTHER_FOLDER = "other_folder"
    OTHER_MACHINE = "other_machine"


def conflict(own: Node, shared: bool, seen: Iterable[Seen]) -> Conflict | None:
    """Whether `own` may run beside what was seen; `shared` says that nodes share the folder.

    A different number is a different folder: half the files would be missing on each node, and no
    setting makes that right. The same number on another machine is one folder shared, or a copy
    of it; only the setting can say which.
    """
    others = [entry.node for entry in seen if entry.running and entry.node != own]
    if any(node.number != own.number for node in others):
        return Conflict.OTHER_FOLDER
    return Conflict.OTHER_MACHINE if others and not shared else None
