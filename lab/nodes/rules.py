"""When a process counts as running, and which ones must not run side by side. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum

KINDS = (WEB, WORKER) = ("web", "worker")
HOST_LENGTH = 64
RUNNING_SECONDS = 120  # a heartbeat older than this belongs to a process that has gone
BEAT_SECONDS = 30


@dataclass(frozen=True)
class Node:
    """One machine with its instance folder.

    `number` is the random number in the folder, `host` the machine's name, `boot` the kernel's boot
    id ("" when unknown): containers of one machine differ by name only.
    """

    number: str
    host: str
    boot: str = ""

    def same_machine(self, other: Node) -> bool:
        """Return whether the name is the same (also after a restart), or the kernel is."""
        return self.host == other.host or (self.boot != "" and self.boot == other.boot)


@dataclass(frozen=True)
class SeenProcess:
    """A kind of process of a node, and how many seconds ago it was seen (database's clock)."""

    node: Node
    kind: str
    seconds: float

    @property
    def is_running(self) -> bool:
        """Whether it was seen in the last two minutes.

        A time in the future by more than that was written before the clock was set back, or came
        with a restored database: it says nothing of the present.
        """
        return abs(self.seconds) < RUNNING_SECONDS


class Conflict(Enum):
    """Why a node must not run beside another; the message takes the other's name."""

    OTHER_FOLDER = (
        "另一节点（{host}）正在用另一个数据文件夹运行，两边的附件和文件会互相打不开。"
        "请让各节点共用一个数据文件夹；那一节点已经停用的，请过两分钟再启动。"
    )
    OTHER_MACHINE = (
        "另一台机器（{host}）正在使用这个数据文件夹或它的副本。确实共用一个文件夹的，"
        "请在各节点设置 LAB_SHARED_INSTANCE=1；那台机器已经停用的，请过两分钟再启动。"
    )
    COPY = (
        "本机的数据文件夹是副本，不是另一节点（{host}）正在使用的那一个，"
        "附件和文件会互相打不开。请先挂上共用的文件夹；那一节点已经停用的，请过两分钟再启动。"
    )

    def message(self, host: str) -> str:
        return str(self.value).format(host=host)


def find_conflict(
    own: Node,
    shared: bool,
    seen: Iterable[SeenProcess],
    marks_this_folder: Callable[[SeenProcess], bool],
) -> tuple[Conflict, str] | None:
    """Return None when `own` may run beside the seen processes, else why not and the other's name.

    A different number is a different folder: each node would miss half of the files, and no setting
    can fix that. The same number on another machine is either one shared folder or a copy of it.
    `shared` (LAB_SHARED_INSTANCE) says which is intended; `marks_this_folder` says which is true:
    whether this folder holds the other's current mark.
    """
    running = [entry for entry in seen if entry.is_running]
    for entry in running:
        if entry.node.number != own.number:
            return Conflict.OTHER_FOLDER, entry.node.host
    for entry in running:
        if entry.node.same_machine(own):
            continue
        if not shared:
            return Conflict.OTHER_MACHINE, entry.node.host
        if not marks_this_folder(entry):
            return Conflict.COPY, entry.node.host
    return None
