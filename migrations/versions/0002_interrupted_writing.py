"""Who writes where, the texts of the last hour, and the version of each step

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lab.db.types import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("step_versions", sa.Text(), nullable=False, server_default="{}")
        )

    op.create_table(
        "proposal_presence",
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=12), nullable=False),
        sa.Column("seen_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("tab", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=False),
        sa.Column("saved_version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_proposal_presence_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal.id"],
            name=op.f("fk_proposal_presence_proposal_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_presence")),
        sa.UniqueConstraint(
            "proposal_id",
            "person_id",
            "step",
            name=op.f("uq_proposal_presence_proposal_id_person_id_step"),
        ),
    )
    with op.batch_alter_table("proposal_presence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proposal_presence_seen_at"), ["seen_at"], unique=False)

    op.create_table(
        "proposal_draft_snapshot",
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("saved_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_proposal_draft_snapshot_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal.id"],
            name=op.f("fk_proposal_draft_snapshot_proposal_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_draft_snapshot")),
    )
    with op.batch_alter_table("proposal_draft_snapshot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proposal_draft_snapshot_at"), ["at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_proposal_draft_snapshot_proposal_id"), ["proposal_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("proposal_draft_snapshot", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_proposal_draft_snapshot_proposal_id"))
        batch_op.drop_index(batch_op.f("ix_proposal_draft_snapshot_at"))

    op.drop_table("proposal_draft_snapshot")
    with op.batch_alter_table("proposal_presence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_proposal_presence_seen_at"))

    op.drop_table("proposal_presence")
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.drop_column("step_versions")
