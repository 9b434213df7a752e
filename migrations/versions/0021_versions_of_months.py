"""a month's figures have one version that only rises; what could not be read is kept as typed

Revision ID: 0021
Revises: 0020
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

# Pages that are open meanwhile carry the sum, which was the version until now.
SUMS = """
INSERT INTO entry_period (project_id, period_end, version, leftovers)
SELECT project_id, period_end, sum(version), '{}' FROM entry GROUP BY project_id, period_end
"""
WITH_LEFTOVERS = ("progress_report", "score_sheet")


def upgrade() -> None:
    op.create_table(
        "entry_period",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("leftovers", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_entry_period_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry_period")),
        sa.UniqueConstraint(
            "project_id", "period_end", name=op.f("uq_entry_period_project_id_period_end")
        ),
    )
    op.execute(SUMS)
    for table in WITH_LEFTOVERS:
        op.add_column(table, sa.Column("leftovers", sa.Text(), nullable=False, server_default="{}"))


def downgrade() -> None:
    for table in WITH_LEFTOVERS:
        op.drop_column(table, "leftovers")
    op.drop_table("entry_period")
