"""Attachments keep their history, are uploaded once, and are shown as pictures

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lab.db.types import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("proposal_file", schema=None) as batch_op:
        batch_op.add_column(sa.Column("removed_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("replaces_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("upload_key", sa.String(length=32), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_proposal_file_removed_by_id"), "person", ["removed_by_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_proposal_file_replaces_id"),
            "proposal_file",
            ["replaces_id"],
            ["id"],
            ondelete="SET NULL",
        )
        batch_op.create_unique_constraint(
            batch_op.f("uq_proposal_file_proposal_id_upload_key"), ["proposal_id", "upload_key"]
        )
        batch_op.create_unique_constraint(
            batch_op.f("uq_proposal_file_replaces_id"), ["replaces_id"]
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_proposal_file_removed_evidence"),
            "removed_by_id IS NULL OR removed_at IS NOT NULL",
        )

    op.create_table(
        "file_preview",
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("made_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.String(length=300), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.CheckConstraint(
            "status <> 'failed' OR failure <> ''", name=op.f("ck_file_preview_failed_evidence")
        ),
        sa.CheckConstraint(
            "status IN ('queued', 'ready', 'failed')", name=op.f("ck_file_preview_status_known")
        ),
        sa.CheckConstraint(
            "status NOT IN ('ready') OR (total IS NOT NULL AND made_at IS NOT NULL)",
            name=op.f("ck_file_preview_ready_evidence"),
        ),
        sa.ForeignKeyConstraint(
            ["file_id"],
            ["stored_file.id"],
            name=op.f("fk_file_preview_file_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file_preview")),
        sa.UniqueConstraint("file_id", name=op.f("uq_file_preview_file_id")),
    )
    op.create_table(
        "file_preview_page",
        sa.Column("preview_id", sa.Integer(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=4), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("storage_name", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('png', 'jpeg')", name=op.f("ck_file_preview_page_kind_known")),
        sa.CheckConstraint(
            "page >= 1 AND width BETWEEN 1 AND 1600 AND height BETWEEN 1 AND 1600",
            name=op.f("ck_file_preview_page_picture_range"),
        ),
        sa.ForeignKeyConstraint(
            ["preview_id"],
            ["file_preview.id"],
            name=op.f("fk_file_preview_page_preview_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file_preview_page")),
        sa.UniqueConstraint(
            "preview_id", "page", name=op.f("uq_file_preview_page_preview_id_page")
        ),
        sa.UniqueConstraint("storage_name", name=op.f("uq_file_preview_page_storage_name")),
    )


def downgrade() -> None:
    op.drop_table("file_preview_page")
    op.drop_table("file_preview")
    with op.batch_alter_table("proposal_file", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_proposal_file_removed_evidence"), type_="check")
        batch_op.drop_constraint(batch_op.f("uq_proposal_file_replaces_id"), type_="unique")
        batch_op.drop_constraint(
            batch_op.f("uq_proposal_file_proposal_id_upload_key"), type_="unique"
        )
        batch_op.drop_constraint(batch_op.f("fk_proposal_file_replaces_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_proposal_file_removed_by_id"), type_="foreignkey")
        batch_op.drop_column("upload_key")
        batch_op.drop_column("replaces_id")
        batch_op.drop_column("removed_by_id")
