"""machines under several names: containers share the run of one kernel

Revision ID: 0017
Revises: 0016
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("heartbeat", sa.Column("boot", sa.String(36), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("heartbeat", "boot")
