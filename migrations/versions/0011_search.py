"""search

Revision ID: 0011
Revises: 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lab.clock import now
from lab.db import new_key
from lab.db.types import UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

# The index of words as of this revision; the two databases have it each in its own way.
WORDS = {
    "sqlite": (
        "CREATE VIRTUAL TABLE search_words USING fts5(number, title, unit, people, body, "
        "content='', contentless_delete=1, tokenize='ascii')",
        "CREATE TRIGGER search_words_follow AFTER DELETE ON search_entry BEGIN "
        "DELETE FROM search_words WHERE rowid = old.id; END",
    ),
    "postgresql": (
        "CREATE TABLE search_words (rowid integer PRIMARY KEY "
        "REFERENCES search_entry (id) ON DELETE CASCADE, words tsvector NOT NULL)",
        "CREATE INDEX ix_search_words_words ON search_words USING gin (words)",
    ),
}
LISTS = {
    "ix_proposal_saved": ["saved_at", "id"],
    "ix_proposal_status_saved": ["status", "saved_at", "id"],
    "ix_proposal_counting": ["status", "call_id", "owner_id", "leader_id", "id"],
}


def upgrade() -> None:
    op.create_table(
        "search_entry",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("audience", sa.String(length=6), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=50), nullable=False),
        sa.Column("unit", sa.String(length=130), nullable=False),
        sa.Column("people", sa.Text(), nullable=False),
        sa.Column("abstract", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "audience IN ('all', 'own', 'others')", name=op.f("ck_search_entry_audience_known")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal.id"],
            name=op.f("fk_search_entry_proposal_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_entry")),
    )
    op.create_index(op.f("ix_search_entry_proposal_id"), "search_entry", ["proposal_id"])
    op.create_table(
        "similar_run",
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("waiting", sa.Boolean(), nullable=False),
        sa.Column("compared", sa.String(length=64), nullable=False),
        sa.Column("compared_at", UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "compared = '' OR compared_at IS NOT NULL",
            name=op.f("ck_similar_run_compared_evidence"),
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal.id"],
            name=op.f("fk_similar_run_proposal_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("proposal_id", name=op.f("pk_similar_run")),
    )
    op.create_table(
        "similar_pair",
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("title_percent", sa.Integer(), nullable=False),
        sa.Column("text_percent", sa.Integer(), nullable=False),
        sa.Column("stretch", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "title_percent BETWEEN 0 AND 100 AND text_percent BETWEEN 0 AND 100",
            name=op.f("ck_similar_pair_percents"),
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal.id"],
            name=op.f("fk_similar_pair_proposal_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["other_id"],
            ["proposal.id"],
            name=op.f("fk_similar_pair_other_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_similar_pair")),
        sa.UniqueConstraint(
            "proposal_id", "other_id", name=op.f("uq_similar_pair_proposal_id_other_id")
        ),
    )
    op.create_index(op.f("ix_similar_pair_other_id"), "similar_pair", ["other_id"])
    for name, columns in LISTS.items():
        op.create_index(name, "proposal", columns)
    for statement in WORDS[op.get_bind().dialect.name]:
        op.execute(statement)
    _queue_first_build()


def _queue_first_build() -> None:
    """Proposals that are there already are put into the index by the worker."""
    connection = op.get_bind()
    if connection.scalar(sa.text("SELECT count(*) FROM proposal")):
        job = sa.table(
            "job",
            *(sa.column(name) for name in ("key", "kind", "arguments", "state", "attempts")),
            sa.column("due_at", UtcDateTime(timezone=True)),
            sa.column("failure"),
        )
        op.bulk_insert(
            job,
            [
                {
                    "key": new_key(),
                    "kind": "search.rebuild",
                    "arguments": "{}",
                    "state": "queued",
                    "attempts": 0,
                    "due_at": now(),
                    "failure": "",
                }
            ],
        )


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute(
        "DELETE FROM job WHERE kind IN ('search.rebuild', 'search.renamed', 'similar.compare')"
    )
    if sqlite:
        op.execute("DROP TRIGGER search_words_follow")
    op.execute("DROP TABLE search_words")
    for name in LISTS:
        op.drop_index(name, "proposal")
    for name in ("similar_pair", "similar_run", "search_entry"):
        op.drop_table(name)
