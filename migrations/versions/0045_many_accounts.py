"""many accounts at once: activation slips, imports of units and people, requested roles

Revision ID: 0045
Revises: 0044
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lab.db.types import UtcDateTime

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "activation_slip",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("issued_by_id", sa.Integer(), nullable=False),
        sa.Column("issued_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("used_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("void_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "expires_at > issued_at", name=op.f("ck_activation_slip_valid_for_a_time")
        ),
        sa.CheckConstraint(
            "used_at IS NULL OR void_at IS NULL", name=op.f("ck_activation_slip_used_or_void")
        ),
        sa.ForeignKeyConstraint(
            ["issued_by_id"], ["person.id"], name=op.f("fk_activation_slip_issued_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_activation_slip_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activation_slip")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_activation_slip_code_hash")),
    )
    op.create_index(op.f("ix_activation_slip_person_id"), "activation_slip", ["person_id"])

    open_slip = sa.text("used_at IS NULL AND void_at IS NULL")
    op.create_index(
        "uq_activation_slip_open",
        "activation_slip",
        ["person_id"],
        unique=True,
        sqlite_where=open_slip,
        postgresql_where=open_slip,
    )
    op.create_table(
        "people_import",
        sa.Column("content", sa.String(length=8), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("upload_key", sa.String(length=12), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("cells", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("remarks", sa.Text(), nullable=False),
        sa.Column("failure", sa.String(length=400), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("faulty_count", sa.Integer(), nullable=False),
        sa.Column("warned_count", sa.Integer(), nullable=False),
        sa.Column("unit_count", sa.Integer(), nullable=False),
        sa.Column("person_count", sa.Integer(), nullable=False),
        sa.Column("existing_count", sa.Integer(), nullable=False),
        sa.Column("role_count", sa.Integer(), nullable=False),
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
            "content IN ('units', 'people', 'both')", name=op.f("ck_people_import_content_known")
        ),
        sa.CheckConstraint(
            "status <> 'failed' OR failure <> ''", name=op.f("ck_people_import_failure_said")
        ),
        sa.CheckConstraint(
            "status IN ('checking', 'ready', 'failed', 'imported', 'abandoned')",
            name=op.f("ck_people_import_status_known"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('abandoned') OR (closed_at IS NOT NULL)",
            name=op.f("ck_people_import_abandoned_evidence"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('imported') OR (imported_by_id IS NOT NULL AND imported_at IS NOT NULL)",
            name=op.f("ck_people_import_imported_evidence"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('ready', 'failed', 'imported', 'abandoned') OR (checked_at IS NOT NULL)",
            name=op.f("ck_people_import_checked_evidence"),
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_people_import_file_id")
        ),
        sa.ForeignKeyConstraint(
            ["imported_by_id"], ["person.id"], name=op.f("fk_people_import_imported_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["person.id"], name=op.f("fk_people_import_made_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people_import")),
        sa.UniqueConstraint("key", name=op.f("uq_people_import_key")),
    )
    op.create_table(
        "imported_person",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["people_import.id"], name=op.f("fk_imported_person_import_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_imported_person_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_person")),
        sa.UniqueConstraint("person_id", name=op.f("uq_imported_person_person_id")),
    )
    op.create_index(op.f("ix_imported_person_import_id"), "imported_person", ["import_id"])

    op.create_table(
        "role_request",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("person_kind", sa.String(length=10), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("key", sa.String(length=12), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.CheckConstraint("person_kind = 'staff'", name=op.f("ck_role_request_staff_only")),
        sa.CheckConstraint(
            "role IN ('applicant', 'reviewer', 'office', 'leading')",
            name=op.f("ck_role_request_role_known"),
        ),
        sa.CheckConstraint(
            "status <> 'refused' OR answer <> ''", name=op.f("ck_role_request_answer_given")
        ),
        sa.CheckConstraint(
            "status IN ('pending', 'granted', 'refused')", name=op.f("ck_role_request_status_known")
        ),
        sa.CheckConstraint(
            "status NOT IN ('granted', 'refused') OR (decided_by_id IS NOT NULL AND decided_at IS NOT NULL)",
            name=op.f("ck_role_request_decided_evidence"),
        ),
        sa.CheckConstraint(
            "decided_by_id <> asked_by_id", name=op.f("ck_role_request_second_person")
        ),
        sa.CheckConstraint(
            "decided_by_id <> person_id", name=op.f("ck_role_request_not_the_concerned")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["person.id"], name=op.f("fk_role_request_asked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_role_request_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["people_import.id"], name=op.f("fk_role_request_import_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id", "person_kind"],
            ["person.id", "person.kind"],
            name=op.f("fk_role_request_person_id_person_kind"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_request")),
        sa.UniqueConstraint("key", name=op.f("uq_role_request_key")),
    )
    op.create_index(op.f("ix_role_request_import_id"), "role_request", ["import_id"])
    op.create_index("ix_role_request_status", "role_request", ["status", "id"])
    op.create_index(
        "uq_role_request_pending",
        "role_request",
        ["person_id", "role"],
        unique=True,
        sqlite_where=sa.text("status = 'pending'"),
        postgresql_where=sa.text("status = 'pending'"),
    )


def downgrade() -> None:
    for name in ("role_request", "imported_person", "people_import", "activation_slip"):
        op.drop_table(name)
