"""The arithmetic of the chain: what a row's code covers and how a break is found. Pure.

The chain is one sequence of rows. Where the key was changed on purpose, a new segment begins: its
first row links to the row before as usual and carries a digest of all earlier rows, so that the new
key vouches for them as they were at that moment.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from json.encoder import encode_basestring as _quoted
from typing import Any

GENESIS = "0" * 64
BEGIN = "audit.begin_chain"
COVERED_COLUMNS = (
    "seq",
    "at",
    "actor_id",
    "actor_name",
    "address",
    "action",
    "object_type",
    "object_key",
    "result",
    "detail",
    "prev_mac",
)
SEQ, DETAIL, PREV, MAC = (
    0,
    COVERED_COLUMNS.index("detail"),
    COVERED_COLUMNS.index("prev_mac"),
    len(COVERED_COLUMNS),
)
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
Values = Sequence[Any]  # the covered columns in order, then the code


def values_of(row: Mapping[str, Any]) -> Values:
    """Return a row, given by column names, as the sequence that the checks read."""
    return tuple(row[name] for name in (*COVERED_COLUMNS, "mac"))


def _text(values: Values) -> bytes:
    """Return the covered columns as a JSON array."""
    seq, at, actor, name, address, action, kind, key, result, detail, prev = values[:MAC]
    if type(seq) is not int or type(actor) is not int:  # altered: only the encoder knows all types
        return _encoded(values)
    try:  # what the encoder writes, in half the time: it is made anew for each text
        text = (
            f"[{seq},{_quoted(at)},{actor},{_quoted(name)},{_quoted(address)},{_quoted(action)},"
            f"{_quoted(kind)},{_quoted(key)},{_quoted(result)},{_quoted(detail)},{_quoted(prev)}]"
        )
    except TypeError:
        return _encoded(values)
    return text.encode("utf-8", "surrogatepass")


def _encoded(values: Values) -> bytes:
    return _encode(values[:MAC]).encode("utf-8", "surrogatepass")


class Mac:
    """HMAC-SHA256 (RFC 2104) with one key, optimised for many short texts.

    The two keyed states are computed once; `hmac.digest` would compute them for each text, which
    costs twice as much as the rest.
    """

    BLOCK = 64

    def __init__(self, key: bytes) -> None:
        padded = (hashlib.sha256(key).digest() if len(key) > self.BLOCK else key).ljust(64, b"\0")
        self._inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in padded))
        self._outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in padded))

    def __call__(self, text: bytes) -> str:
        """Return the code of a text, 64 hex digits."""
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(text)
        outer.update(inner.digest())
        return outer.hexdigest()


def mac(key: str, row: Mapping[str, Any]) -> str:
    """Return the HMAC-SHA256 (64 hex digits) over the covered columns.

    `at` is an ISO string in UTC.
    """
    return Mac(key.encode())(_text(tuple(row[name] for name in COVERED_COLUMNS)))


class Digest:
    """Running SHA-256 over rows and their codes."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()

    def add(self, text: bytes, code: object) -> None:
        """Add a row: its covered columns as text, then its code."""
        self._hash.update(text)
        self._hash.update(str(code).encode("utf-8", "surrogatepass"))

    @property
    def hex(self) -> str:
        return self._hash.hexdigest()


def digest(rows: Iterable[Values]) -> str:
    """Return the SHA-256 (64 hex digits) over whole rows, codes included.

    A new segment vouches for it.
    """
    running = Digest()
    for values in rows:
        running.add(_text(values), values[MAC])
    return running.hex


@dataclass(frozen=True)
class Finding:
    """A break of the chain: row number and what is wrong, in Chinese."""

    seq: int
    message: str


@dataclass(frozen=True)
class Segment:
    """Rows under one key.

    `keyed`: whether the key was available; otherwise only links and digest are checked.
    """

    first: int
    last: int
    keyed: bool


@dataclass(frozen=True)
class ChainReport:
    """Result of a verification: rows read, head, first break or None, segments, notes."""

    rows: int
    head: str
    finding: Finding | None
    segments: tuple[Segment, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def is_intact(self) -> bool:
        return self.finding is None


class ChainVerifier:
    """Verify row by row. `begins` are the numbers of rows that claim to begin a segment."""

    def __init__(self, key: str, old_keys: Sequence[str] = (), begins: Sequence[int] = ()) -> None:
        self.count, self.head = 0, GENESIS
        self.segments: list[Segment] = []
        self._keys = [Mac(one.encode()) for one in (key, *old_keys)]
        self._begins = frozenset(begins)
        self._last_begin = max(begins, default=1)
        self._digest = Digest() if begins else None
        self._key: Mac | None = self._keys[0]
        self._first = 1

    def check_row(self, values: Values) -> Finding | None:
        """Verify the next row: its number, its link, its code and any digest it vouches for."""
        seq, code = self.count + 1, values[MAC]
        if values[SEQ] != seq:
            return Finding(seq, f"第 {seq} 条记录缺失，下一条是第 {values[SEQ]} 条。")
        if values[PREV] != self.head:
            return Finding(seq, f"第 {seq} 条记录与上一条接不上。")
        text = _text(values)
        begins = seq in self._begins
        if begins or seq == 1:
            self._start_segment(seq, text, code)
        if self._key is not None and self._key(text) != code:
            return Finding(seq, f"第 {seq} 条记录的内容与校验码不符。")
        if begins and (finding := self._check_digest(seq, values)):
            return finding
        if self._digest is not None:
            self._digest.add(text, code)
        self.count, self.head = seq, code
        return None

    def _start_segment(self, seq: int, text: bytes, code: str) -> None:
        self.end_segment(seq - 1)
        self._first = seq
        if seq >= self._last_begin:  # what is written now must be the present key's
            self._key = self._keys[0]
            return
        self._key = next((k for k in self._keys if k(text) == code), None)

    def _check_digest(self, seq: int, values: Values) -> Finding | None:
        try:
            recorded_digest = json.loads(values[DETAIL]).get("digest", "")
        except (ValueError, AttributeError):
            recorded_digest = ""
        if self._digest is None or recorded_digest != self._digest.hex:
            return Finding(seq - 1, f"第 {seq} 条启用新链以后，此前的记录被改动过。")
        if seq == self._last_begin:
            self._digest = None  # nobody asks for it any more
        return None

    def end_segment(self, last: int) -> None:
        """End the segment at row `last`."""
        if last >= self._first:
            self.segments.append(Segment(self._first, last, self._key is not None))


def verify_rows(
    verifier: ChainVerifier, rows: Iterable[Values], heads: Iterable[tuple[int, str]] = ()
) -> Finding | None:
    """Verify all rows and compare them with externally recorded heads.

    A head is (number, code or a prefix of it). Returns the first break, or None.
    """
    noted: Iterator[tuple[int, str]] = iter(heads)
    at, code = next(noted, (0, ""))
    for values in rows:
        finding = verifier.check_row(values)
        while finding is None and at == verifier.count and at:
            if not values[MAC].startswith(code):
                return Finding(at, f"第 {at} 条记录与库外留存的校验码不符。")
            at, code = next(noted, (0, ""))
        if finding:
            return finding
    verifier.end_segment(verifier.count)
    return None


def verify(
    key: str,
    rows: Iterable[Mapping[str, Any]],
    heads: Mapping[int, str] | None = None,
    *,
    old_keys: Sequence[str] = (),
    begins: Sequence[int] = (),
) -> ChainReport:
    """Verify a whole chain; `heads` are {seq: code} recorded outside the database.

    A chain shorter than a recorded head, or a different code at its number, is a break as well:
    that is how truncation, rollback and rewriting are detected.
    """
    verifier = ChainVerifier(key, old_keys, begins)
    finding = verify_rows(verifier, map(values_of, rows), sorted((heads or {}).items()))
    latest = max(heads or {}, default=0)
    if finding is None and latest > verifier.count:
        finding = truncated_chain_finding(latest, verifier.count)
    return ChainReport(verifier.count, verifier.head, finding, tuple(verifier.segments))


def truncated_chain_finding(noted: int, count: int) -> Finding:
    """Report that the chain ends before an externally recorded head."""
    return Finding(count + 1, f"末尾缺失：库外留存到第 {noted} 条，库内只有 {count} 条。")
