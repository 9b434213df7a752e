"""a whole unit may be asked to confirm, a request is called back; names are compared in one form

Whoever of the unit answers is stored with the answer. A proposal keeps the name it was last
submitted under as names are compared: one width and case, without blanks and signs.

Going back, requests to a whole unit that nobody has answered are gone, and one that was called
back is void.

Revision ID: 0046
Revises: 0045
"""

from __future__ import annotations

import json
import re
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

TABLE = "joint_confirmation"
KNOWN = "status IN ('asked', 'confirmed', 'returned', 'dropped'{})"
ENDED = "status NOT IN ('confirmed', 'returned', 'dropped'{}) OR (answered_at IS NOT NULL)"
ANSWERED = "status NOT IN ('confirmed', 'returned') OR (fingerprint IS NOT NULL{})"
RECALLED, PERSON = ", 'recalled'", " AND person_id IS NOT NULL"
# Check constraints that change, by name: (what they said, what they say from now on).
CHECKS = {
    "status_known": (KNOWN.format(""), KNOWN.format(RECALLED)),
    "answered_evidence": (ENDED.format(""), ENDED.format(RECALLED)),
    "read_evidence": (ANSWERED.format(""), ANSWERED.format(PERSON)),
}
OBLIGATORY, OPTIONAL = "person_id INTEGER NOT NULL", "person_id INTEGER"
# Of names as they were typed, by name: the table. Nothing looks for these any more.
EARLIER_INDEXES = {"ix_proposal_title": "proposal", "ix_search_entry_title": "search_entry"}
BATCH, LONGEST_KEY = 500, 100
SIGNS = re.compile(r"[\W_]+")
SUBMITTED = sa.text(
    "SELECT v.proposal_id AS id, v.content FROM proposal_version v WHERE v.proposal_id > :after"
    " AND v.number = (SELECT max(number) FROM proposal_version n"
    " WHERE n.proposal_id = v.proposal_id) ORDER BY v.proposal_id LIMIT :batch"
)
KEEP = sa.text("UPDATE proposal SET title_key = :key WHERE id = :id")


def _is_sqlite() -> bool:
    return op.get_context().dialect.name == "sqlite"


def _change_requests(*, forwards: bool) -> None:
    pairs = {name: pair if forwards else pair[::-1] for name, pair in CHECKS.items()}
    if _is_sqlite():
        column = (OBLIGATORY, OPTIONAL) if forwards else (f"{OPTIONAL},", f"{OBLIGATORY},")
        _rewrite_schema([column, *((f"({a})", f"({b})") for a, b in pairs.values())])
        return
    op.alter_column(TABLE, "person_id", existing_type=sa.Integer(), nullable=forwards)
    for name, (_, after) in pairs.items():
        constraint = op.f(f"ck_{TABLE}_{name}")
        op.drop_constraint(constraint, TABLE, type_="check")
        op.create_check_constraint(constraint, TABLE, after)


def _rewrite_schema(pairs: list[tuple[str, str]]) -> None:
    """Change the text of the table's schema, as SQLite's manual describes.

    A new table in its place would lose its check constraints.
    """
    connection = op.get_bind()
    at = sa.text("SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = :name")
    sql = connection.execute(at, {"name": TABLE}).scalar_one()
    for before, after in pairs:
        if sql.count(before) != 1:
            raise RuntimeError(f"{TABLE} is not as it was made: {before}")
        sql = sql.replace(before, after)
    version = connection.execute(sa.text("PRAGMA schema_version")).scalar_one()
    connection.execute(sa.text("PRAGMA writable_schema = ON"))
    change = sa.text("UPDATE sqlite_schema SET sql = :sql WHERE type = 'table' AND name = :name")
    connection.execute(change, {"sql": sql, "name": TABLE})
    connection.execute(sa.text(f"PRAGMA schema_version = {version + 1}"))
    connection.execute(sa.text("PRAGMA writable_schema = OFF"))


def _key(title: str) -> str:
    whole = unicodedata.normalize("NFKC", title).casefold()
    folded = unicodedata.normalize("NFKC", whole)
    return (SIGNS.sub("", folded) or folded.strip())[:LONGEST_KEY]


def _fill_keys() -> None:
    """Take the names from what was submitted last, some proposals at a time."""
    connection, after = op.get_bind(), 0
    while rows := connection.execute(SUBMITTED, {"after": after, "batch": BATCH}).all():
        titles = [(row.id, json.loads(row.content).get("title", "")) for row in rows]
        connection.execute(KEEP, [{"id": id, "key": _key(title)} for id, title in titles])
        after = rows[-1].id


def upgrade() -> None:
    _change_requests(forwards=True)
    op.add_column("proposal", sa.Column("title_key", sa.String(100)))
    _fill_keys()
    for name, table in EARLIER_INDEXES.items():
        op.drop_index(name, table_name=table)
    op.create_index("ix_proposal_title_key", "proposal", ["title_key"])


def downgrade() -> None:
    op.drop_index("ix_proposal_title_key", table_name="proposal")
    for name, table in EARLIER_INDEXES.items():
        op.create_index(name, table, ["title"])
    op.execute("ALTER TABLE proposal DROP COLUMN title_key")
    op.execute(f"DELETE FROM {TABLE} WHERE person_id IS NULL")
    op.execute(f"UPDATE {TABLE} SET status = 'dropped' WHERE status = 'recalled'")
    _change_requests(forwards=False)
