"""tries at passwords are noted while they run

Revision ID: 0015
Revises: 0014
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TABLE = "sign_in_failure"


def upgrade() -> None:
    with op.batch_alter_table(TABLE) as table:
        table.alter_column("subject", type_=sa.String(120), existing_type=sa.String(80))
        table.add_column(
            sa.Column("running", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        table.create_index("ix_sign_in_failure_at", ["at"])


def downgrade() -> None:
    # What is longer than the old column, or still runs, means nothing to the code before.
    op.execute(f"DELETE FROM {TABLE} WHERE running OR length(subject) > 80")
    with op.batch_alter_table(TABLE) as table:
        table.drop_index("ix_sign_in_failure_at")
        table.drop_column("running")
        table.alter_column("subject", type_=sa.String(80), existing_type=sa.String(120))
