"""Verify the chain: all rows, the externally recorded heads, a head from a printed report."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

from lab.audit import key_check
from lab.audit.models import SEAL, AuditEvent
from lab.audit.rules import chain
from lab.audit.rules.chain import BEGIN, ChainReport, Finding, Values
from lab.audit.rules.heads import read_file
from lab.audit.rules.heads_check import HeadsReport, read_heads
from lab.extensions import db

PRINTED = re.compile(r"(?:([1-9][0-9]{0,17}):)?([0-9a-f]{8,64})")
PRINTED_DIGITS = 16  # digits of a code in a printed head


@dataclass(frozen=True)
class PrintedHead:
    """A head as printed: row number (0 in earlier reports) and the start of the code."""

    seq: int
    code: str


def format_head(seq: int, code: str) -> str:
    """Format a head as reports print it and the check accepts it: 57:5d1f09ab12cd34ef."""
    return f"{seq}:{code[:PRINTED_DIGITS]}"


def parse_head(text: str) -> PrintedHead:
    """Parse a head typed from a report. Raises ValueError for anything else."""
    match = PRINTED.fullmatch(re.sub(r"[\s。…]", "", text).replace("：", ":").lower())
    if match is None:
        raise ValueError("no head")
    return PrintedHead(int(match[1] or 0), match[2])


# Moments as the codes cover them, made by the database: reading a million of them into objects and
# writing them out again costs seconds.
MOMENT = {
    "sqlite": "replace(at, ' ', 'T') || '+00:00'",
    "postgresql": """to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') || '+00:00'""",
}


def stored_rows(session: Session, batch: int = 1000) -> Iterator[Values]:
    """Iterate over the chain's rows in order: the covered columns, then the code."""
    connection = session.connection()
    names = [*chain.COVERED_COLUMNS, "mac"]
    names[chain.COVERED_COLUMNS.index("at")] = MOMENT[connection.dialect.name]
    rows = f"SELECT {', '.join(names)} FROM audit_event ORDER BY seq"
    driver: Any = connection.connection
    # On PostgreSQL a named cursor stays on the server, which hands the rows out in parts.
    options = {} if connection.dialect.name == "sqlite" else {"name": "audit_rows"}
    cursor = driver.cursor(**options)
    try:
        cursor.execute(rows)
        while part := cursor.fetchmany(batch):
            yield from part
    finally:
        cursor.close()


def iso_utc(at: object) -> str:
    """Format a moment as the codes cover it: UTC with microseconds."""
    return at.isoformat(timespec="microseconds")  # type: ignore[attr-defined, no-any-return]


def segment_starts(session: Session) -> list[int]:
    """Return the numbers of the rows that begin a segment, ascending."""
    query = select(AuditEvent.seq).where(AuditEvent.action == BEGIN).order_by(AuditEvent.seq)
    return list(session.scalars(query))


def verify_chain(
    session: Session | None = None,
    *,
    old_keys: Sequence[str] = (),
    printed: PrintedHead | None = None,
) -> ChainReport:
    """Verify the stored chain against its key, the external heads and a printed head.

    Rows may be written meanwhile, so an apparent break of the heads is checked a second time.
    """
    session = session if session is not None else db.session()
    report = _verify(session, old_keys, printed)
    return report if report.is_intact else _verify(session, old_keys, printed)


def _verify(session: Session, old_keys: Sequence[str], printed: PrintedHead | None) -> ChainReport:
    path, key = Path(current_app.config["AUDIT_HEADS"]), current_app.config["AUDIT_KEY"]
    # First the heads, then the rows: a head stands in the file before its row in the database.
    heads = read_heads(read_file(path), key, old_keys)
    begins = segment_starts(session)
    verifier = chain.ChainVerifier(key, old_keys, begins)
    head_search = _PrintedHeadSearch(printed)
    finding = chain.verify_rows(
        verifier, head_search.watch(stored_rows(session)), heads.recorded.pairs()
    )
    if finding is None and verifier.count > heads.recorded.latest:  # written while we read?
        heads = read_heads(read_file(path), key, old_keys)
    finding = (
        finding
        or _heads_finding(session, heads, verifier.count)
        or head_search.finding(verifier.count)
    )
    notes = _notes(verifier, heads)
    if finding is not None:
        notes += key_check.key_remark(session, heads, max(begins, default=1))
    return ChainReport(verifier.count, verifier.head, finding, tuple(verifier.segments), notes)


class _PrintedHeadSearch:
    """Look for the printed head among the rows passing by."""

    def __init__(self, printed: PrintedHead | None) -> None:
        self._printed = printed
        self._found = False

    def watch(self, rows: Iterator[Values]) -> Iterator[Values]:
        printed = self._printed
        return rows if printed is None else self._watch(rows, printed)

    def _watch(self, rows: Iterator[Values], printed: PrintedHead) -> Iterator[Values]:
        for values in rows:
            if printed.seq in (0, values[chain.SEQ]) and values[chain.MAC].startswith(printed.code):
                self._found = True
            yield values

    def finding(self, count: int) -> Finding | None:
        printed = self._printed
        if printed is None or self._found:
            return None
        if printed.seq > count:
            return Finding(
                count + 1, f"报告所印链头是第 {printed.seq} 条，库内只有 {count} 条，末尾缺失。"
            )
        if printed.seq:
            return Finding(printed.seq, f"第 {printed.seq} 条记录与报告所印链头不符。")
        return Finding(count + 1, "库内没有报告所印的链头。")


def _heads_finding(session: Session, heads: HeadsReport, count: int) -> Finding | None:
    noted = heads.recorded
    if heads.empty:
        return _without_heads(session, count)
    if noted.finding:
        return noted.finding
    sure = noted.latest if heads.unkeyed else noted.confirmed_seq
    if sure > count:
        return chain.truncated_chain_finding(sure, count)
    if (finding := _seals_finding(session, heads)) is not None:
        return finding
    if noted.latest < count:
        message = f"库外留存缺失：只留存到第 {noted.latest} 条，库内有 {count} 条。"
        return Finding(noted.latest + 1, message)
    return None


def _without_heads(session: Session, count: int) -> Finding | None:
    """Handle a missing or empty file: valid only if nothing was ever written."""
    if count:
        return Finding(1, f"库外留存的文件不见了或是空的，库内有 {count} 条。")
    if _has_data(session):
        return Finding(1, "库内已有业务内容，审计日志却是空的。")
    return None


def _has_data(session: Session) -> bool:
    """Return whether anything was ever entered: people and units come before all else."""
    for name in ("person", "unit"):
        if inspect(session.connection()).has_table(name):
            table = AuditEvent.metadata.tables[name]
            if session.scalar(select(func.count()).select_from(table)):
                return True
    return False


def _seals_finding(session: Session, heads: HeadsReport) -> Finding | None:
    """Check that each sealing row has its line and that no older form was sealed twice."""
    query = (
        select(AuditEvent.seq, AuditEvent.action)
        .where(AuditEvent.action.in_((SEAL, BEGIN)))
        .order_by(AuditEvent.seq)
    )
    rows = [(row.seq, row.action) for row in session.execute(query)]
    last_begin = max((seq for seq, action in rows if action == BEGIN), default=0)
    present = [seq for seq, _ in rows if seq >= last_begin]
    for seq in present:
        if seq not in heads.seals:
            return Finding(seq, f"库外留存的文件被换过：第 {seq} 条封存的内容不在其中。")
    if len([seq for seq in present if seq != last_begin]) > 1:
        return Finding(present[-1], "库外留存的文件曾被换成没有密钥的旧格式。")
    return None


def _notes(verifier: chain.ChainVerifier, heads: HeadsReport) -> tuple[str, ...]:
    notes = [
        f"第 {part.first} 至 {part.last} 条由旧密钥写成，未用旧密钥核对，只核对了前后衔接和封存值。"
        for part in verifier.segments
        if not part.keyed
    ]
    if heads.earlier:
        notes.append("启用现在的链以前，库外留存曾有缺失或改动。")
    if heads.sealed_at and heads.sealed_at[0] < heads.sealed_at[1] - 1:
        last, seal = heads.sealed_at
        notes.append(f"旧格式的库外留存只到第 {last} 条，第 {seal} 条起加密钥。")
    return tuple(notes)
