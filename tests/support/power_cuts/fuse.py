"""The kernel's side of a file system in user space: /dev/fuse, its messages, mount(2).

No library: the protocol is small (linux/fuse.h), and a test must not ask for packages that a
machine may lack. Only what a database, a web server and a worker ask for is answered.
"""

from __future__ import annotations

import ctypes
import errno
import os
import stat
import struct
import time
from collections.abc import Callable
from pathlib import Path

from tests.support.power_cuts.disk import Disk, Folder, Node

DEVICE = "/dev/fuse"
MS_NOSUID, MS_NODEV, MNT_DETACH = 2, 4, 2
MOST_WRITE = 128 * 1024
BUFFER = MOST_WRITE + 64 * 1024
IN_HEADER = struct.Struct("<IIQQIIII")
OUT_HEADER = struct.Struct("<IiQ")
ATTRIBUTES = struct.Struct("<6Q10I")
ENTRY = struct.Struct("<4Q2I")
OPENED = struct.Struct("<QIi")
PATIENCE = 60  # seconds
LONG = 3600  # seconds for which the kernel may believe us: nobody else changes anything
BIG_WRITES, MAX_PAGES = 1 << 5, 1 << 22
SIZE, MODE, UID, GID, MTIME, MTIME_NOW = 8, 1, 2, 4, 32, 256
_libc = ctypes.CDLL(None, use_errno=True)


def why_not() -> str:
    """Why no file system of our own can be mounted here, or "" when one can."""
    try:
        os.close(os.open(DEVICE, os.O_RDWR))
    except OSError as error:
        return f"{DEVICE} does not open here ({error.strerror})"
    return "" if os.geteuid() == 0 else "only root may mount a file system here"


def mount(point: Path) -> int:
    """Mount and return the device on which the kernel asks. Raises OSError."""
    device = os.open(DEVICE, os.O_RDWR)
    options = f"fd={device},rootmode={stat.S_IFDIR:o},user_id=0,group_id=0,allow_other"
    flags = MS_NOSUID | MS_NODEV
    if _libc.mount(b"forgetful", os.fsencode(point), b"fuse", flags, options.encode()) != 0:
        os.close(device)
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return device


def unmount(point: Path, *, by_force: bool = False) -> None:
    """Take it off. Raises OSError when something there stays open, unless `by_force`."""
    deadline = time.monotonic() + PATIENCE
    while _libc.umount2(os.fsencode(point), MNT_DETACH if by_force else 0) != 0 and not by_force:
        number = ctypes.get_errno()
        # What a killed server had started, a reader of attachments say, ends a moment after it.
        if number != errno.EBUSY or time.monotonic() > deadline:
            raise OSError(number, os.strerror(number), str(point))
        time.sleep(0.05)


class Refusal(Exception):
    """The answer is an error number."""

    def __init__(self, number: int) -> None:
        super().__init__(os.strerror(number))
        self.number = number


class Server:
    """Answers the kernel from a `Disk` until the mount ends."""

    def __init__(self, device: int, disk: Disk) -> None:
        self._device, self._disk = device, disk
        self._answers: dict[int, Callable[[int, bytes], bytes]] = {
            1: self._lookup,
            3: self._getattr,
            4: self._setattr,
            8: self._mknod,
            9: self._mkdir,
            10: self._unlink,
            11: self._unlink,
            12: self._rename,
            13: self._link,
            14: lambda node, _: OPENED.pack(0, 0, 0),
            15: self._read,
            16: self._write,
            17: lambda node, _: struct.pack("<5Q10I", *(1 << 20,) * 5, 4096, 255, 4096, *(0,) * 7),
            18: lambda node, _: b"",
            20: self._fsync,
            25: lambda node, _: b"",
            26: self._init,
            27: lambda node, _: OPENED.pack(0, 0, 0),
            28: self._readdir,
            29: lambda node, _: b"",
            30: self._fsync,
            35: self._create,
            45: self._rename2,
        }

    def serve(self) -> None:
        """Until it is unmounted."""
        while True:
            try:
                asked = os.read(self._device, BUFFER)
            except OSError as error:
                if error.errno in (errno.EINTR, errno.EAGAIN, errno.ENOENT):
                    continue
                break  # ENODEV: unmounted
            _, code, unique, node, *_ = IN_HEADER.unpack_from(asked)
            if code in (2, 36, 42):  # forget, interrupt, forget many: not answered
                continue
            self._answer(unique, *self._ask(code, node, asked[IN_HEADER.size :]))
        os.close(self._device)

    def _ask(self, code: int, node: int, rest: bytes) -> tuple[int, bytes]:
        try:
            if code not in self._answers:
                raise Refusal(errno.ENOSYS)
            return 0, self._answers[code](node, rest)
        except Refusal as refusal:
            return -refusal.number, b""
        except KeyError:
            return -errno.ENOENT, b""

    def _answer(self, unique: int, error: int, body: bytes) -> None:
        try:
            os.write(self._device, OUT_HEADER.pack(16 + len(body), error, unique) + body)
        except OSError as failed:
            if failed.errno not in (errno.ENOENT, errno.ENODEV):  # nobody waits any more
                raise

    # -- the messages --------------------------------------------------------------------------

    def _init(self, _node: int, rest: bytes) -> bytes:
        major, _minor, readahead, flags = struct.unpack_from("<4I", rest)
        wanted = flags & (BIG_WRITES | MAX_PAGES)
        pages = MOST_WRITE // 4096
        return struct.pack(
            "<4I2H2I2H8I", major, 31, readahead, wanted, 12, 9, MOST_WRITE, 1, pages, 0, *(0,) * 8
        )

    def _attributes(self, node: Node) -> bytes:
        seconds, nanoseconds = divmod(node.changed, 1_000_000_000)
        size = len(node.data)
        times = (seconds,) * 3
        rest = (nanoseconds,) * 3
        return ATTRIBUTES.pack(
            *(node.number, size, -(-size // 512), *times, *rest),
            *(node.mode, node.links, node.uid, node.gid, 0, 4096, 0),
        )

    def _entry(self, node: Node) -> bytes:
        return ENTRY.pack(node.number, 0, LONG, LONG, 0, 0) + self._attributes(node)

    def _folder(self, number: int) -> Folder:
        node = self._disk.nodes[number]
        if not isinstance(node, Folder):
            raise Refusal(errno.ENOTDIR)
        return node

    def _lookup(self, number: int, rest: bytes) -> bytes:
        return self._entry(self._disk.nodes[self._folder(number).names[_name(rest)]])

    def _getattr(self, number: int, _rest: bytes) -> bytes:
        return struct.pack("<QII", LONG, 0, 0) + self._attributes(self._disk.nodes[number])

    def _setattr(self, number: int, rest: bytes) -> bytes:
        valid, _, _, size, _, _, mtime, _, _, nano, _, mode, _, uid, gid, _ = struct.unpack_from(
            "<2I6Q8I", rest
        )
        node = self._disk.nodes[number]
        if valid & SIZE:
            node.cut_to(size)
        if valid & MODE:
            node.mode = stat.S_IFMT(node.mode) | stat.S_IMODE(mode)
        node.uid = uid if valid & UID else node.uid
        node.gid = gid if valid & GID else node.gid
        if valid & MTIME:
            node.changed = time.time_ns() if valid & MTIME_NOW else mtime * 1_000_000_000 + nano
        return self._getattr(number, b"")

    def _make(self, number: int, name: str, mode: int) -> Node:
        folder = self._folder(number)
        if name in folder.names:
            raise Refusal(errno.EEXIST)
        return self._disk.make(folder, name, mode)

    def _mknod(self, number: int, rest: bytes) -> bytes:
        (mode,) = struct.unpack_from("<I", rest)
        return self._entry(self._make(number, _name(rest[16:]), mode))

    def _mkdir(self, number: int, rest: bytes) -> bytes:
        (mode,) = struct.unpack_from("<I", rest)
        return self._entry(self._make(number, _name(rest[8:]), stat.S_IFDIR | mode))

    def _create(self, number: int, rest: bytes) -> bytes:
        _, mode = struct.unpack_from("<2I", rest)
        return self._entry(self._make(number, _name(rest[16:]), mode)) + OPENED.pack(0, 0, 0)

    def _unlink(self, number: int, rest: bytes) -> bytes:
        folder, name = self._folder(number), _name(rest)
        gone = self._disk.nodes[folder.names[name]]
        if isinstance(gone, Folder) and gone.names:
            raise Refusal(errno.ENOTEMPTY)
        del folder.names[name]
        gone.links -= 1
        return b""

    def _link(self, number: int, rest: bytes) -> bytes:
        (old,) = struct.unpack_from("<Q", rest)
        folder, name, node = self._folder(number), _name(rest[8:]), self._disk.nodes[old]
        if name in folder.names:
            raise Refusal(errno.EEXIST)
        folder.names[name] = old
        node.links += 1
        return self._entry(node)

    def _rename(self, number: int, rest: bytes, start: int = 8) -> bytes:
        (target,) = struct.unpack_from("<Q", rest)
        old, new = rest[start:].split(b"\0")[:2]
        source, wanted = self._folder(number), self._folder(target)
        moved = source.names.pop(os.fsdecode(old))
        wanted.names[os.fsdecode(new)] = moved
        return b""

    def _rename2(self, number: int, rest: bytes) -> bytes:
        _, flags = struct.unpack_from("<QI", rest)
        if flags:
            raise Refusal(errno.EINVAL)
        return self._rename(number, rest, 16)

    def _read(self, number: int, rest: bytes) -> bytes:
        _, offset, size = struct.unpack_from("<2QI", rest)
        return bytes(self._disk.nodes[number].data[offset : offset + size])

    def _write(self, number: int, rest: bytes) -> bytes:
        _, offset, size = struct.unpack_from("<2QI", rest)
        self._disk.nodes[number].write(offset, rest[40 : 40 + size])
        return struct.pack("<2I", size, 0)

    def _fsync(self, number: int, _rest: bytes) -> bytes:
        self._disk.nodes[number].sync()
        return b""

    def _readdir(self, number: int, rest: bytes) -> bytes:
        _, offset, size = struct.unpack_from("<2QI", rest)
        out = bytearray()
        names = [*self._folder(number).names.items()]
        for place, (name, child) in enumerate(names[offset:], start=offset + 1):
            coded = os.fsencode(name)
            kind = stat.S_IFMT(self._disk.nodes[child].mode) >> 12
            entry = struct.pack("<2Q2I", child, place, len(coded), kind) + coded
            entry += b"\0" * (-len(entry) % 8)
            if len(out) + len(entry) > size:
                break
            out += entry
        return bytes(out)


def _name(rest: bytes) -> str:
    return os.fsdecode(rest.partition(b"\0")[0])
