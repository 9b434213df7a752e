"""a report is of one batch, or of all of them as before

Revision ID: 0030
Revises: 0029
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # SQLite must not build the table anew for a key, and takes the key with the column.
    if op.get_context().dialect.name == "sqlite":
        op.execute("ALTER TABLE report ADD COLUMN call_id INTEGER REFERENCES call (id)")
    else:
        op.add_column("report", sa.Column("call_id", sa.Integer(), nullable=True))
        op.create_foreign_key(op.f("fk_report_call_id"), "report", "call", ["call_id"], ["id"])


def downgrade() -> None:
    op.execute("ALTER TABLE report DROP COLUMN call_id")
