"""The arithmetic of the chain: what a row's code covers and how a break is found. Pure."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

GENESIS = "0" * 64
COVERED = (
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


def mac(key: str, row: Mapping[str, Any]) -> str:
    """HMAC-SHA256 (64 hex) over the covered columns; `at` is an ISO string in UTC."""
    text = json.dumps([row[name] for name in COVERED], ensure_ascii=False, separators=(",", ":"))
    return hmac.new(key.encode(), text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class Finding:
    """Where the chain breaks: row number and what is wrong, in Chinese."""

    seq: int
    sentence: str


@dataclass(frozen=True)
class Report:
    """Result of a check: rows read, head of the chain, first break or None."""

    rows: int
    head: str
    finding: Finding | None

    @property
    def sound(self) -> bool:
        return self.finding is None


def check_row(key: str, row: Mapping[str, Any], seq: int, prev: str) -> Finding | None:
    """Check one row against its expected number and the code of the row before."""
    if row["seq"] != seq:
        return Finding(seq, f"第 {seq} 条记录缺失，下一条是第 {row['seq']} 条。")
    if row["prev_mac"] != prev:
        return Finding(seq, f"第 {seq} 条记录与上一条接不上。")
    if not hmac.compare_digest(mac(key, row), row["mac"]):
        return Finding(seq, f"第 {seq} 条记录的内容与校验码不符。")
    return None


def verify(
    key: str, rows: Iterable[Mapping[str, Any]], heads: Mapping[int, str] | None = None
) -> Report:
    """Walk the chain from the first row; `heads` are {seq: code} noted outside the database.

    A shorter chain than a noted head, or another code at its number, is a break too: that is
    how cutting the end off, rolling back and rewriting everything are found.
    """
    heads = heads or {}
    count, prev = 0, GENESIS
    for row in rows:
        finding = check_row(key, row, count + 1, prev)
        if finding is None and heads.get(count + 1, row["mac"]) != row["mac"]:
            finding = Finding(count + 1, f"第 {count + 1} 条记录与库外留存的校验码不符。")
        if finding:
            return Report(count, prev, finding)
        count, prev = count + 1, row["mac"]
    latest = max(heads, default=0)
    if latest > count:
        sentence = f"末尾缺失：库外留存到第 {latest} 条，库内只有 {count} 条。"
        return Report(count, prev, Finding(count + 1, sentence))
    return Report(count, prev, None)
