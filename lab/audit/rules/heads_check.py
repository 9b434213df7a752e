"""Check the file of heads and what it says about the chain.

No database; `lab.audit.rules.heads` describes the lines.
"""

from __future__ import annotations

import re
from array import array
from binascii import hexlify, unhexlify
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lab.audit.rules.chain import Finding, Mac
from lab.audit.rules.heads import (
    DONE,
    LINE,
    SHORT,
    START,
    UNKEYED,
    is_valid_seal,
    line_key,
    link,
    sealed,
)

WIDTH = SHORT // 2
TEXT = -SHORT - 1  # where a line's link begins, with the space before it
NOT_LINKED = "库外留存的文件被改动过（第 {seq} 条的留存对不上）。"
# Looked for by the line break before: `^` would be tried at each of a hundred million characters.
SEALING = re.compile(rb"\n([sb] [0-9]{1,18} [0-9a-f]{32} [0-9a-f]{32})(?=\n|\Z)")
# One expression for a whole file: a million commits are two million lines. What confirms a head
# stands behind it as a rule and is read with it.
ANY_LINE = re.compile(
    b"^(?:(%s)(?:\n%s)?|%s|%s)$" % (LINE.pattern, DONE.pattern, DONE.pattern, UNKEYED.pattern),
    re.MULTILINE,
)


@dataclass
class RecordedHeads:
    """Valid heads in their order. `confirmed_seq`: the last one that was certainly committed."""

    seqs: array[int] = field(default_factory=lambda: array("q"))
    codes: bytearray = field(default_factory=bytearray)
    confirmed_seq: int = 0
    finding: Finding | None = None

    @property
    def latest(self) -> int:
        """The last head, committed or only announced; 0 when there is none."""
        return self.seqs[-1] if self.seqs else 0

    @property
    def last_code(self) -> bytes:
        return hexlify(self.codes[-WIDTH:])

    def pairs(self) -> Iterator[tuple[int, str]]:
        """Iterate over (number, start of the code) of every head."""
        codes, width = self.codes, WIDTH
        for index, seq in enumerate(self.seqs):
            yield seq, codes[index * width : (index + 1) * width].hex()

    def add(self, seq: int, code: bytes) -> None:
        self.seqs.append(seq)
        self.codes += unhexlify(code)

    def advance(self, seq: int, code: bytes) -> None:
        """Add the next head: the one before turned out committed."""
        latest = self.seqs[-1] if self.seqs else 0
        if latest > self.confirmed_seq:
            self.confirmed_seq = latest
        if seq <= latest:
            self.set_finding(seq, f"库外留存中第 {seq} 条的留存重复。")
        self.seqs.append(seq)
        self.codes += unhexlify(code)

    def confirm(self, seq: int) -> None:
        """Mark the head, and with it all earlier ones, as committed."""
        if seq > self.confirmed_seq:
            self.confirmed_seq = seq

    def roll_back_to(self, seq: int) -> None:
        """Drop everything announced after head `seq`."""
        while self.seqs and self.seqs[-1] > seq:
            self.seqs.pop()
            del self.codes[-WIDTH:]

    def set_finding(self, seq: int, message: str) -> None:
        """Record the first problem of the file."""
        self.finding = self.finding or Finding(seq, message)


@dataclass
class HeadsReport:
    """A parsed file of heads: valid heads, sealing rows {number: kind}, state."""

    recorded: RecordedHeads
    empty: bool = True
    unkeyed: bool = False  # nothing but lines of an earlier version
    first_fits: bool | None = None  # whether the present key wrote the first of its lines
    seals: dict[int, str] = field(default_factory=dict)
    earlier: bool = False  # something was wrong before the present segment began
    sealed_at: tuple[int, int] | None = None  # last head without a key, and the row that seals it


def read_heads(data: bytes, key: str, old_keys: Sequence[str] = ()) -> HeadsReport:
    """Parse the file and check its links.

    The part after the last seal must be written with the present key.
    """
    keys = [line_key(one) for one in (key, *old_keys)]
    reader, last = _Reader(data, keys), _last_seal(data, keys[0])
    lines = ANY_LINE.finditer(data)
    for match in lines:
        reader.read(match, final=match.start() >= last)
        if (other := reader.run(lines)) is not None:
            reader.read(other, final=other.start() >= last)
    return reader.result()


def _last_seal(data: bytes, key: Mac) -> int:
    """Return the offset of the present key's last seal; 0 when it sealed nothing."""
    lines = ((match[1], match.start()) for match in SEALING.finditer(b"\n" + data))
    return max(
        (offset for line, offset in lines if is_valid_seal(line, data[:offset], key)), default=0
    )


class _Reader:
    def __init__(self, data: bytes, keys: list[Mac]) -> None:
        self._data = data
        self._keys = keys
        self._key: Mac | None = keys[0]
        self._before = START
        self._fresh = True  # at the beginning of the file or behind a seal: the key is open
        self._keyed = False
        self._old: dict[int, bytes] = {}
        self._noted = RecordedHeads()
        self._before_begin: RecordedHeads | None = None
        self._read = HeadsReport(self._noted)

    def result(self) -> HeadsReport:
        self._settle_legacy()
        self._read.recorded = self._noted
        self._read.unkeyed = not self._read.empty and not self._keyed
        return self._read

    def read(self, match: re.Match[bytes], *, final: bool) -> None:
        """Process a line. `final`: the present key must have written it."""
        line, kind, number, code, fields, confirmed, done, unkeyed, unkeyed_code = match.groups()
        if kind:
            seq = int(number)
            if final and kind == b"b" and not self._sealed_at(match.start(), line):
                # Announced with another key and never committed, or its row will miss its line.
                pass  # nothing follows from it: what it claims to be linked to may be made up
            elif self._linked(kind, fields, match, final=final):
                self._apply(kind, seq, code)
            else:
                self._noted.set_finding(seq, NOT_LINKED.format(seq=seq))
            done = confirmed
        if done:
            self._noted.confirm(int(done))
        elif unkeyed:
            self._read.empty = False
            self._take_unkeyed(int(unkeyed), unkeyed_code[:SHORT])

    def run(self, lines: Iterator[re.Match[bytes]]) -> re.Match[bytes] | None:
        """Process the ordinary lines that follow: each the next head, linked to the line before.

        Like `read`, without per-line lookups for a million lines. Returns the first other line.
        """
        key, before, recorded = self._key, self._before, self._noted
        if key is None or self._fresh or not self._keyed:
            return None
        other = None
        for match in lines:
            line, kind, number, code, fields, confirmed = match.group(1, 2, 3, 4, 5, 6)
            if kind != b"i":
                other = match
                break
            seq = int(number)
            if link(key, before, line[:TEXT]) == fields:
                recorded.advance(seq, code)
            else:
                recorded.set_finding(seq, NOT_LINKED.format(seq=seq))
            before = fields
            if confirmed:
                recorded.confirm(seq if confirmed == number else int(confirmed))
        self._before = before
        return other

    def _take_unkeyed(self, seq: int, code: bytes) -> None:
        if self._keyed:
            self._noted.set_finding(seq, f"库外留存中第 {seq} 条的留存没有加密钥。")
        else:  # the first note of a number counts: a chain rolled back carries other codes there
            self._old.setdefault(seq, code)

    def _linked(
        self, kind: bytes, signature: bytes, match: re.Match[bytes], *, final: bool
    ) -> bool:
        """Return whether the line follows from the one before; unknown without the key."""
        text = match[1][:TEXT]
        if not self._keyed:
            self._settle_legacy()
            self._keyed, self._read.empty = True, False
        if kind in (b"s", b"b"):
            self._before, self._fresh = sealed(self._data[: match.start()]), True
        if self._fresh:
            usable = self._keys[:1] if final else self._keys
            matching_key = next(
                (one for one in usable if link(one, self._before, text) == signature), None
            )
            if final:
                self._read.first_fits = matching_key is not None
            self._key, self._fresh = matching_key or (self._keys[0] if final else None), False
        right = self._key is None or link(self._key, self._before, text) == signature
        self._before = signature
        return right

    def _sealed_at(self, offset: int, line: bytes) -> bool:
        return is_valid_seal(line, self._data[:offset], self._keys[0])

    def _settle_legacy(self) -> None:
        if not self._old:
            return
        for seq in sorted(self._old):
            self._noted.add(seq, self._old[seq])
        self._noted.confirmed_seq = self._noted.latest
        self._old = {}

    def _apply(self, kind: bytes, seq: int, code: bytes) -> None:
        recorded = self._noted
        if kind == b"i":
            recorded.advance(seq, code)
        elif kind == b"v":
            self._mark_void(seq, code)
        elif kind == b"g":
            recorded.set_finding(
                recorded.latest + 1, f"库外留存到第 {seq} 条为止曾经缺失或被截短。"
            )
            recorded.roll_back_to(seq - 1)
            recorded.add(seq, code)
        else:
            self._seal(kind, seq, code)

    def _mark_void(self, seq: int, code: bytes) -> None:
        for sealing in [one for one in self._read.seals if one > seq]:
            del self._read.seals[sealing]
            if self._before_begin is not None:  # the new segment was announced and not committed
                self._noted, self._before_begin = self._before_begin, None
        recorded = self._noted
        if seq < recorded.confirmed_seq:
            recorded.set_finding(seq + 1, f"第 {seq + 1} 条曾经写入，后来在库内消失。")
        recorded.roll_back_to(seq)
        if seq and (recorded.latest, recorded.last_code) != (seq, code):
            recorded.set_finding(seq, f"第 {seq} 条记录与库外留存的校验码不符。")
        recorded.confirmed_seq = min(recorded.confirmed_seq, seq)

    def _seal(self, kind: bytes, seq: int, code: bytes) -> None:
        if kind == b"b":  # the digest of the new segment vouches for all rows before
            self._read.earlier = self._read.earlier or self._noted.finding is not None
            self._before_begin, self._noted = self._noted, RecordedHeads()
            self._read.seals.clear()
        else:
            self._read.sealed_at = (self._noted.latest, seq)
            self._noted.roll_back_to(seq - 1)
        self._read.seals[seq] = kind.decode()
        self._noted.add(seq, code)
