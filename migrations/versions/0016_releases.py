"""acts that wait for a second person, and passwords reset by others

Revision ID: 0016
Revises: 0015
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lab.db.types import UtcDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "password_reset",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.String(length=120), nullable=False),
        sa.Column("released_by", sa.String(length=120), nullable=False),
        sa.Column("release_key", sa.String(length=12), nullable=False),
        sa.Column("slip_for_id", sa.Integer(), nullable=True),
        sa.Column("slip_taken_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("seen_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_password_reset_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["slip_for_id"], ["person.id"], name=op.f("fk_password_reset_slip_for_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_reset")),
    )
    with op.batch_alter_table("password_reset", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_password_reset_person_id"), ["person_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_password_reset_release_key"), ["release_key"], unique=False
        )

    op.create_table(
        "release_request",
        sa.Column("act", sa.String(length=32), nullable=False),
        sa.Column("object_type", sa.String(length=24), nullable=False),
        sa.Column("object_key", sa.String(length=40), nullable=False),
        sa.Column("object_name", sa.String(length=120), nullable=False),
        sa.Column("standing", sa.String(length=24), nullable=False),
        sa.Column("concerned_id", sa.Integer(), nullable=True),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("due_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("operator", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=12), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.CheckConstraint(
            "asked_by_id IS NOT NULL OR operator <> ''",
            name=op.f("ck_release_request_somebody_asked"),
        ),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_release_request_reason_given")),
        sa.CheckConstraint(
            "status <> 'done' OR decided_by_id IS NOT NULL OR operator <> ''",
            name=op.f("ck_release_request_somebody_agreed"),
        ),
        sa.CheckConstraint(
            "status <> 'refused' OR answer <> ''", name=op.f("ck_release_request_answer_given")
        ),
        sa.CheckConstraint(
            "status IN ('pending', 'done', 'refused', 'withdrawn', 'expired')",
            name=op.f("ck_release_request_status_known"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('done', 'refused') OR decided_by_id <> asked_by_id",
            name=op.f("ck_release_request_second_person"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('done', 'refused') OR decided_by_id <> concerned_id",
            name=op.f("ck_release_request_not_the_concerned"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('done', 'refused', 'withdrawn', 'expired') OR (decided_at IS NOT NULL)",
            name=op.f("ck_release_request_ended_evidence"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('refused', 'withdrawn') OR (decided_by_id IS NOT NULL)",
            name=op.f("ck_release_request_decided_evidence"),
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["person.id"], name=op.f("fk_release_request_asked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["concerned_id"], ["person.id"], name=op.f("fk_release_request_concerned_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_release_request_decided_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release_request")),
        sa.UniqueConstraint("key", name=op.f("uq_release_request_key")),
    )
    with op.batch_alter_table("release_request", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_release_request_asked_by_id"), ["asked_by_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_release_request_concerned_id"), ["concerned_id"], unique=False
        )
        batch_op.create_index("ix_release_request_status", ["status", "due_at"], unique=False)
        batch_op.create_index(
            "uq_release_request_pending",
            ["act", "object_type", "object_key"],
            unique=True,
            sqlite_where=sa.text("status = 'pending'"),
            postgresql_where=sa.text("status = 'pending'"),
        )


def downgrade() -> None:
    with op.batch_alter_table("release_request", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_release_request_pending",
            sqlite_where=sa.text("status = 'pending'"),
            postgresql_where=sa.text("status = 'pending'"),
        )
        batch_op.drop_index("ix_release_request_status")
        batch_op.drop_index(batch_op.f("ix_release_request_concerned_id"))
        batch_op.drop_index(batch_op.f("ix_release_request_asked_by_id"))

    op.drop_table("release_request")
    with op.batch_alter_table("password_reset", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_password_reset_release_key"))
        batch_op.drop_index(batch_op.f("ix_password_reset_person_id"))

    op.drop_table("password_reset")
