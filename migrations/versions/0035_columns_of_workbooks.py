"""workbooks of any form: uploads whose columns are matched, and what was chosen before

An imported draft needs no day on which its mail arrived.

Revision ID: 0035
Revises: 0034
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lab.db.types import UtcDateTime

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "import_upload",
        sa.Column("target", sa.String(length=20), nullable=False),
        sa.Column("subject_key", sa.String(length=12), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("layout", sa.Text(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("failure", sa.String(length=400), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("key", sa.String(length=12), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.CheckConstraint(
            "status IN ('reading', 'mapping', 'failed')",
            name=op.f("ck_import_upload_status_known"),
        ),
        sa.CheckConstraint(
            "status <> 'failed' OR failure <> ''", name=op.f("ck_import_upload_failure_said")
        ),
        sa.CheckConstraint(
            "status <> 'mapping' OR layout <> ''", name=op.f("ck_import_upload_layout_known")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_import_upload_file_id")
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["person.id"], name=op.f("fk_import_upload_made_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_upload")),
        sa.UniqueConstraint("key", name=op.f("uq_import_upload_key")),
    )
    op.create_index(op.f("ix_import_upload_subject_key"), "import_upload", ["subject_key"])
    op.create_table(
        "import_mapping",
        sa.Column("target", sa.String(length=20), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("heading", sa.String(length=60), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("chosen_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_import_mapping_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_mapping")),
        sa.UniqueConstraint(
            "target", "unit_id", "heading", name=op.f("uq_import_mapping_target_unit_id_heading")
        ),
    )
    op.create_index(op.f("ix_import_mapping_unit_id"), "import_mapping", ["unit_id"])
    for column in (
        sa.Column("upload_key", sa.String(length=12), nullable=False, server_default=""),
        sa.Column("plan", sa.Text(), nullable=False, server_default=""),
        sa.Column("reading", sa.Text(), nullable=False, server_default=""),
        sa.Column("as_drafts", sa.Boolean(), nullable=False, server_default=sa.false()),
    ):
        op.add_column("proposal_import", column)
    with op.batch_alter_table("imported_proposal") as table:
        table.alter_column("received_on", existing_type=sa.Date(), nullable=True)


def downgrade() -> None:
    # A draft's row cannot say when its mail arrived, which the earlier tables demand.
    op.execute("DELETE FROM imported_proposal WHERE received_on IS NULL")
    with op.batch_alter_table("imported_proposal") as table:
        table.alter_column("received_on", existing_type=sa.Date(), nullable=False)
    for name in ("as_drafts", "reading", "plan", "upload_key"):
        op.execute(f"ALTER TABLE proposal_import DROP COLUMN {name}")
    op.drop_table("import_mapping")
    op.drop_table("import_upload")
