"""a draft that was saved while it was typed says so, until the worker has indexed it

Revision ID: 0037
Revises: 0036
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

INDEX, WAITING = "ix_proposal_index_due", sa.text("index_due")


def upgrade() -> None:
    op.add_column(
        "proposal",
        sa.Column("index_due", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.create_index(INDEX, "proposal", ["id"], sqlite_where=WAITING, postgresql_where=WAITING)


def downgrade() -> None:
    op.drop_index(INDEX, table_name="proposal")
    op.execute("ALTER TABLE proposal DROP COLUMN index_due")
