"""sheet import

Revision ID: 0010
Revises: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lab.db.types import UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ONCE = sa.text("status = 'imported'")


def upgrade() -> None:
    op.create_table(
        "proposal_import",
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("faulty_count", sa.Integer(), nullable=False),
        sa.Column("warned_count", sa.Integer(), nullable=False),
        sa.Column("cells", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("failure", sa.String(length=400), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("checked_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("imported_by_id", sa.Integer(), nullable=True),
        sa.Column("imported_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("closed_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("key", sa.String(length=12), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.CheckConstraint(
            "status IN ('checking', 'ready', 'failed', 'imported', 'abandoned')",
            name=op.f("ck_proposal_import_status_known"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('ready', 'failed', 'imported', 'abandoned') OR (checked_at IS NOT NULL)",
            name=op.f("ck_proposal_import_checked_evidence"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('imported') OR (imported_by_id IS NOT NULL AND imported_at IS NOT NULL)",
            name=op.f("ck_proposal_import_imported_evidence"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('abandoned') OR (closed_at IS NOT NULL)",
            name=op.f("ck_proposal_import_abandoned_evidence"),
        ),
        sa.CheckConstraint(
            "status <> 'failed' OR failure <> ''", name=op.f("ck_proposal_import_failure_said")
        ),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_proposal_import_call_id")),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_proposal_import_file_id")
        ),
        sa.ForeignKeyConstraint(
            ["imported_by_id"], ["person.id"], name=op.f("fk_proposal_import_imported_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["person.id"], name=op.f("fk_proposal_import_made_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_import")),
        sa.UniqueConstraint("key", name=op.f("uq_proposal_import_key")),
    )
    op.create_index(op.f("ix_proposal_import_call_id"), "proposal_import", ["call_id"])
    op.create_index(
        "ix_proposal_import_once",
        "proposal_import",
        ["call_id", "sha256"],
        unique=True,
        sqlite_where=ONCE,
        postgresql_where=ONCE,
    )
    op.create_table(
        "imported_proposal",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["proposal_import.id"], name=op.f("fk_imported_proposal_import_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal.id"],
            name=op.f("fk_imported_proposal_proposal_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_proposal")),
        sa.UniqueConstraint("proposal_id", name=op.f("uq_imported_proposal_proposal_id")),
    )
    op.create_index(op.f("ix_imported_proposal_import_id"), "imported_proposal", ["import_id"])


def downgrade() -> None:
    op.drop_table("imported_proposal")
    op.drop_table("proposal_import")
