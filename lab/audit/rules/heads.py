"""Heads of the chain recorded outside the database.

They show when the database was truncated, rolled back or rewritten. One line per step, keyed and
linked to the line before:

    i SEQ MAC LINK   this head is about to be committed (on disk before the commit)
    d SEQ            it was committed (not linked: without it less is certain, never more)
    v SEQ MAC LINK   the chain continues from this head: what was announced later was not committed
    g SEQ MAC LINK   the database was ahead of this file when the chain continued: lines are missing
    s SEQ MAC LINK   row SEQ seals everything above, which an earlier version wrote without a key
    b SEQ MAC LINK   row SEQ begins a new segment of the chain and seals everything above

MAC is the beginning of the row's code. i, v, g, s and b are written while the lock of the chain is
held. Because a head is written here before its row is committed, this file is never behind the
database; only the newest head can lack its row, after a crash between the two.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
from pathlib import Path

from lab.audit.rules.chain import Mac
from lab.filesystem import locked, sync

LINE = re.compile(rb"([ivgsb]) (0|[1-9][0-9]{0,17}) ([0-9a-f]{32}) ([0-9a-f]{32})")
DONE = re.compile(rb"d ([1-9][0-9]{0,17})")
UNKEYED = re.compile(rb"([1-9][0-9]{0,17}) ([0-9a-f]{64})")
SHORT = 32  # hexadecimal digits of a row's code that a line holds
START = b"0" * SHORT  # what the first line is linked to
TAIL = 8192
Head = tuple[int, str]  # number and code of a row; (0, zeros) before the first


def line_key(audit_key: str) -> Mac:
    """Return the key of the lines: derived, so that no line can pass for a row's code."""
    return Mac(bytes.fromhex(Mac(audit_key.encode())(b"heads of the audit chain")))


def link(key: Mac, before: bytes, text: bytes) -> bytes:
    """Return the MAC that links a line to the one before (32 hex digits)."""
    return key(before + b" " + text)[:SHORT].encode()


def sealed(above: bytes) -> bytes:
    """Return what a sealing line links to: everything above it."""
    return hashlib.sha256(above).hexdigest().encode()


class HeadsFile:
    """The file of heads at `path`, written with the present audit key."""

    def __init__(self, path: Path, audit_key: str) -> None:
        self._path = path
        self._key = line_key(audit_key)

    def announce(self, base: Head, new: Head, *, seal: tuple[str, Head] | None = None) -> None:
        """Record, before the commit, that the chain goes on from `base` to `new`.

        `seal`: ("s" or "b", head of the sealing row). On disk on return. Raises OSError.
        """
        with locked(self._path) as handle:
            tail = _tail(handle, self._key)
            texts = [] if seal else _bridging_lines(tail, base)
            lines, before = b"" if tail.whole else b"\n", tail.link
            if seal:
                above = _read_all(handle) + lines
                text = _text(seal[0], seal[1])
                before = link(self._key, sealed(above), text)
                lines += text + b" " + before + b"\n"
            if seal is None or seal[1] != new:
                texts.append(_text("i", new))
            for text in texts:
                before = link(self._key, before, text)
                lines += text + b" " + before + b"\n"
            _write(handle, lines)
            os.fsync(handle)
            if tail.empty:
                sync(self._path.parent)

    def confirm(self, seq: int) -> None:
        """Record that the announced head was committed. Raises OSError."""
        with locked(self._path) as handle:
            torn = b"" if _tail(handle, self._key).whole else b"\n"
            _write(handle, torn + f"d {seq}\n".encode())


def is_valid_seal(line: bytes, above: bytes, key: Mac) -> bool:
    """Return whether a sealing line was written with the key over everything above it."""
    text, signature = line.rsplit(b" ", 1)
    return link(key, sealed(above), text) == signature


class _Tail:
    """The end of the file: last head, last link, whether the last line is complete.

    A line that begins a part with another key and was never committed is skipped: nothing may
    follow from what the present key does not vouch for. Telling them apart needs the whole file
    (`key` given); `begins` says that such a line is the last one.
    """

    def __init__(self, data: bytes, complete: bool, key: Mac | None = None) -> None:
        self.begins = False
        self.empty = not data
        self.whole = not data or data.endswith(b"\n")
        self.head: Head | None = None
        self.link = START
        lines, offset = data.split(b"\n"), len(data) + 1
        for line in reversed(lines if complete else lines[1:]):
            offset -= len(line) + 1
            if match := LINE.fullmatch(line):
                self.begins = match[1] == b"b"
                if self.begins and key is not None and not is_valid_seal(line, data[:offset], key):
                    continue
                self.head, self.link = (int(match[2]), match[3].decode()), match[4]
                return
            if UNKEYED.fullmatch(line):  # not written by this version: says nothing of the head
                return


def _tail(handle: int, key: Mac) -> _Tail:
    size = os.fstat(handle).st_size
    start = max(0, size - TAIL)
    tail = _Tail(os.pread(handle, TAIL, start), complete=start == 0)
    if tail.begins or (tail.head is None and start):
        tail = _Tail(_read_all(handle), complete=True, key=key)
    return tail


def _bridging_lines(tail: _Tail, base: Head) -> list[bytes]:
    """Return the line that explains why the next one does not follow from the last, or ""."""
    last = tail.head if tail.head else (0, "0" * SHORT)
    if last == (base[0], base[1][:SHORT]):
        return []
    return [_text("v" if base[0] < last[0] else "g", base)]


def _text(kind: str, head: Head) -> bytes:
    return f"{kind} {head[0]} {head[1][:SHORT]}".encode()


def _read_all(handle: int) -> bytes:
    return os.pread(handle, os.fstat(handle).st_size, 0)


def _write(handle: int, data: bytes) -> None:
    while data:
        data = data[os.write(handle, data) :]


def read_file(path: Path) -> bytes:
    """Return the whole file, read between two writes; empty when there is none."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return b""
    try:
        fcntl.flock(handle, fcntl.LOCK_SH)
        return _read_all(handle)
    finally:
        os.close(handle)


def begins_unkeyed(path: Path) -> bool:
    """Return whether the file was begun by a version that wrote lines without a key."""
    try:
        with path.open("rb") as file:
            return UNKEYED.fullmatch(file.readline(100).rstrip(b"\n")) is not None
    except FileNotFoundError:
        return False


def truncated_at(data: bytes, seq: int) -> bytes:
    """Return the file as it was when row `seq` was the newest of the database.

    A copy of the database is older than the file, which keeps growing: truncated like this, the two
    fit together elsewhere. Read the file after copying the database.
    """
    lines = data.splitlines(keepends=True)
    steps = [_row_number(line) for line in lines]
    end = 1 + max((i for i, at in enumerate(steps) if at is not None and at <= seq), default=-1)
    if end and UNKEYED.fullmatch(lines[end - 1].strip()):  # written out of order now and then
        return b"".join(
            line for line, at in zip(lines[:end], steps, strict=False) if (at or 0) <= seq
        )
    while end < len(lines) and steps[end] is None:  # confirmations of what is kept
        end += 1
    return b"".join(lines[:end])


def _row_number(line: bytes) -> int | None:
    """Return the row number that a line leads to; None for a line that leads nowhere."""
    if unkeyed := UNKEYED.fullmatch(line.rstrip(b"\n")):
        return int(unkeyed[1])
    match = LINE.fullmatch(line.rstrip(b"\n"))
    return int(match[2]) if match else None
