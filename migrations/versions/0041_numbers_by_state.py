"""how many proposals and letters are in each state is kept in rows of its own

Revision ID: 0041
Revises: 0037
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0037"
branch_labels = None
depends_on = None

COUNTED = (
    "INSERT INTO state_tally (kind, scope_id, status, number)"
    " SELECT 'proposal', call_id, status, count(*) FROM proposal GROUP BY call_id, status",
    "INSERT INTO state_tally (kind, scope_id, status, number)"
    " SELECT 'letter', 0, status, count(*) FROM letter GROUP BY status",
)


# For the name of another proposal, and for the checks of a day: (name, table, columns).
INDEXES = (
    ("ix_search_entry_title", "search_entry", ["title"]),
    ("ix_formality_check_checked_at", "formality_check", ["checked_at"]),
)


def upgrade() -> None:
    op.create_table(
        "state_tally",
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("scope_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("status", sa.String(24), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "scope_id", "status", name=op.f("pk_state_tally")),
    )
    for statement in COUNTED:
        op.execute(statement)
    for name, table, columns in INDEXES:
        op.create_index(name, table, columns)


def downgrade() -> None:
    for name, table, _ in reversed(INDEXES):
        op.drop_index(name, table_name=table)
    op.drop_table("state_tally")
