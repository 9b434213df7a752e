"""what acts in stored files, replaced files that were given up, SHA-256 of pictures

Revision ID: 0018
Revises: 0017
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lab.db.types import UtcDateTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # NULL: not looked at yet; the worker does so.
    op.add_column("stored_file", sa.Column("active", sa.String(120)))
    op.add_column("stored_file", sa.Column("purged_at", UtcDateTime(timezone=True)))
    op.add_column("file_preview_page", sa.Column("sha256", sa.String(64)))


def downgrade() -> None:
    op.drop_column("file_preview_page", "sha256")
    op.drop_column("stored_file", "purged_at")
    op.drop_column("stored_file", "active")
