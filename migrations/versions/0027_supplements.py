"""what the portal knows of published projects beyond their reports, apart from the reports' words

Texts of a published project that were edited before this migration cannot be told from the
report's own words; they stay where they are.

Revision ID: 0027
Revises: 0026
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

TEXTS = ("background", "mode", "practice", "outcome")


def upgrade() -> None:
    op.create_table(
        "project_supplement",
        sa.Column("project_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in TEXTS),
        sa.Column("written_by_id", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_project_supplement_project_id")
        ),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["person.id"], name=op.f("fk_project_supplement_written_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_supplement")),
    )
    op.create_index(op.f("ix_project_supplement_project_id"), "project_supplement", ["project_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_project_supplement_project_id"), table_name="project_supplement")
    op.drop_table("project_supplement")
