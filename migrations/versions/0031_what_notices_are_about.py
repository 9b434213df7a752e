"""a notice stores what it is about instead of a path; a letter's path follows from its object

An address that no earlier version wrote stays as it is. Every letter so far is about a proposal.

Revision ID: 0031
Revises: 0030
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

# Every form of address that notices were given, by what it is about.
ADDRESSES = {
    "Call": "/calls/{key}",
    "Call.checks": "/checks",
    "Call.proposals": "/proposals?call={key}",
    "Call.reminder": "/reviews?round={key}",
    "Call.reviews": "/reviews",
    "Call.revision": "/calls/{key}/revisions/{part}",
    "Call.round": "/rounds/{key}",
    "Decision": "/decisions/{key}",
    "Letter": "/letters/{key}",
    "Project": "/projects/{key}",
    "Project.indicator_check": "/projects/{key}/indicators/check",
    "Project.indicators": "/projects/{key}/indicators",
    "Project.narrative": "/projects/{key}/indicators/text/{part}",
    "Proposal": "/proposals/{key}",
    "Proposal.check": "/checks/{key}",
    "Proposal.joint": "/proposals/{key}/joint",
    "Proposal.result": "/proposals/{key}/result",
    "Release": "/releases/{key}",
    "ScoreSheet": "/reviews/{key}",
}
LETTERS = """
UPDATE letter SET address = '/proposals/' || object_key WHERE object_type = 'Proposal'
"""
KEY, PART = "(?P<key>[a-z0-9]{12})", "(?P<part>[0-9][0-9-]{0,9})"
ROWS = 500
notice = sa.table(
    "notice",
    *(sa.column(name) for name in ("id", "address", "about_kind", "about_key", "about_part")),
)
Row = dict[str, Any]


def _pattern(address: str) -> re.Pattern[str]:
    text = re.escape(address).replace(r"\{key\}", KEY).replace(r"\{part\}", PART)
    return re.compile(text)


PATTERNS = {kind: _pattern(address) for kind, address in ADDRESSES.items()}


def _about(row: Row) -> Row | None:
    """What an address is about, None for one of no known form."""
    for kind, pattern in PATTERNS.items():
        if match := pattern.fullmatch(row["address"]):
            parts = match.groupdict()
            return {
                "address": "",
                "about_kind": kind,
                "about_key": parts.get("key", ""),
                "about_part": parts.get("part", ""),
            }
    return None


def _address(row: Row) -> Row | None:
    """The address of what a notice is about, None for a kind that had none."""
    address = ADDRESSES.get(row["about_kind"])
    if address is None:
        return None
    return {"address": address.format(key=row["about_key"], part=row["about_part"])}


def _rewrite(column: str, rewritten: Callable[[Row], Row | None]) -> None:
    """Rewrite the notices in which this column says something, some hundred at a time."""
    connection, last = op.get_bind(), 0
    rows = sa.select(notice).where(notice.c[column] != "").order_by(notice.c.id).limit(ROWS)
    while batch := connection.execute(rows.where(notice.c.id > last)).mappings().all():
        last = batch[-1]["id"]
        changes = [
            {**values, "row": row["id"]} for row in batch if (values := rewritten(dict(row)))
        ]
        if changes:
            names = changes[0].keys() - {"row"}
            change = notice.update().where(notice.c.id == sa.bindparam("row"))
            change = change.values({name: sa.bindparam(name) for name in names})
            connection.execute(change, changes)


def upgrade() -> None:
    for name, length in (("about_kind", 40), ("about_key", 12), ("about_part", 20)):
        column = sa.Column(name, sa.String(length), nullable=False, server_default="")
        op.add_column("notice", column)
    _rewrite("address", _about)
    op.execute("ALTER TABLE letter DROP COLUMN address")


def downgrade() -> None:
    column = sa.Column("address", sa.String(200), nullable=False, server_default="")
    op.add_column("letter", column)
    op.execute(LETTERS)
    _rewrite("about_kind", _address)
    for name in ("about_part", "about_key", "about_kind"):
        op.execute(f"ALTER TABLE notice DROP COLUMN {name}")
