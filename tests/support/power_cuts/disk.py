"""A disk in memory that knows what was synced, and forgets everything else when its power is cut.

Strict rules: the bytes of a file last from its fsync on, a name from the fsync of its folder on,
and nothing else lasts, however long ago it was written.
"""

from __future__ import annotations

import random
import stat
import time
from dataclasses import dataclass, field

PAGE = 4096


@dataclass
class Node:
    """A file: its bytes now, and as they were synced last."""

    number: int
    mode: int
    data: bytearray = field(default_factory=bytearray)
    synced: bytes = b""
    links: int = 1
    uid: int = 0
    gid: int = 0
    changed: int = field(default_factory=time.time_ns)  # nanoseconds since 1970

    def write(self, offset: int, data: bytes) -> None:
        """Write, with zeros between the old end and a later beginning."""
        if offset > len(self.data):
            self.data += bytes(offset - len(self.data))
        self.data[offset : offset + len(data)] = data
        self.changed = time.time_ns()

    def cut_to(self, size: int) -> None:
        """Make it this long."""
        del self.data[size:]
        self.data += bytes(size - len(self.data))
        self.changed = time.time_ns()

    def sync(self) -> None:
        self.synced = bytes(self.data)

    def forget(self, chance: random.Random | None) -> None:
        """Lose what was not synced; with `chance`, each page that was written since may by luck
        have reached the disk, whatever was written before or after it."""
        kept = bytearray(self.synced)
        if chance is not None:
            for start in range(0, min(len(self.data), len(kept)), PAGE):
                if chance.random() < 0.5:
                    kept[start : start + PAGE] = self.data[start : start + PAGE][
                        : len(kept) - start
                    ]
        self.data = kept


@dataclass
class Folder(Node):
    """A folder: its names now, and as they were synced last."""

    names: dict[str, int] = field(default_factory=dict)
    synced_names: dict[str, int] = field(default_factory=dict)

    def sync(self) -> None:
        self.synced_names = dict(self.names)

    def forget(self, chance: random.Random | None) -> None:
        self.names = dict(self.synced_names)


class Disk:
    """Everything on it, by number; 1 is the topmost folder."""

    def __init__(self) -> None:
        self.nodes: dict[int, Node] = {1: Folder(1, stat.S_IFDIR | 0o755)}
        self._next = 2

    def make(self, folder: Folder, name: str, mode: int) -> Node:
        """A new file or folder of this name."""
        kind = Folder if stat.S_ISDIR(mode) else Node
        node = self.nodes[self._next] = kind(self._next, mode)
        folder.names[name] = self._next
        self._next += 1
        return node

    def settle(self) -> None:
        """Everything as it is now lasts."""
        for node in self.nodes.values():
            node.sync()

    def cut(self, chance: random.Random | None = None) -> None:
        """Lose what was not synced."""
        for node in self.nodes.values():
            node.forget(chance)
