"""units are found by the pinyin and the initials of their names

The keys of units that were there before are written by the worker. So are those of people whose
names carry the mark of invented data: the mark is no part of a name any more.

Revision ID: 0048
Revises: 0047
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

KEY = sa.String(80).with_variant(sa.String(80, collation="C"), "postgresql")
MARKED = "SELECT id FROM person WHERE name LIKE '%【演示】%'"


def upgrade() -> None:
    op.create_table(
        "unit_name_key",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("key", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["unit_id"],
            ["unit.id"],
            name=op.f("fk_unit_name_key_unit_id_unit"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("unit_id", "key", name=op.f("pk_unit_name_key")),
    )
    op.create_index("ix_unit_name_key_key", "unit_name_key", ["key", "unit_id"])
    op.execute(f"DELETE FROM person_name_key WHERE person_id IN ({MARKED})")


def downgrade() -> None:
    op.drop_index("ix_unit_name_key_key", table_name="unit_name_key")
    op.drop_table("unit_name_key")
