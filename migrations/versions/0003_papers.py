"""Papers of proposals, and fingerprints that can be looked up

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lab.db.types import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "paper",
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("proposal_version_id", sa.Integer(), nullable=False),
        sa.Column("snapshot", sa.Text(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=True),
        sa.Column("file_name", sa.String(length=80), nullable=True),
        sa.Column("file_hash", sa.String(length=64), nullable=True),
        sa.Column("file_size", sa.Integer(), nullable=True),
        sa.Column("failure", sa.String(length=300), nullable=False),
        sa.Column("key", sa.String(length=12), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.CheckConstraint(
            "status <> 'failed' OR failure <> ''", name=op.f("ck_paper_failed_evidence")
        ),
        sa.CheckConstraint(
            "status IN ('queued', 'ready', 'failed')", name=op.f("ck_paper_status_known")
        ),
        sa.CheckConstraint(
            "status NOT IN ('ready') OR (file_hash IS NOT NULL AND file_name IS NOT NULL)",
            name=op.f("ck_paper_ready_evidence"),
        ),
        sa.CheckConstraint("kind IN ('proposal', 'receipt')", name=op.f("ck_paper_kind_known")),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_paper_job_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_paper_made_by_id")),
        sa.ForeignKeyConstraint(
            ["proposal_version_id"],
            ["proposal_version.id"],
            name=op.f("fk_paper_proposal_version_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper")),
        sa.UniqueConstraint("key", name=op.f("uq_paper_key")),
        sa.UniqueConstraint(
            "proposal_version_id", "kind", name=op.f("uq_paper_proposal_version_id_kind")
        ),
    )
    with op.batch_alter_table("paper", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_file_hash"), ["file_hash"], unique=False)
    with op.batch_alter_table("proposal_version", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_proposal_version_fingerprint"), ["fingerprint"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("proposal_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_proposal_version_fingerprint"))
    with op.batch_alter_table("paper", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_paper_file_hash"))
    op.drop_table("paper")
