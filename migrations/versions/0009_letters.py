"""Letters, their recipients with the queue of e-mails, and where a person gets e-mail

Revision ID: 0009
Revises: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lab.db.types import UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "letter",
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("object_type", sa.String(length=24), nullable=False),
        sa.Column("object_key", sa.String(length=12), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("drafted_by_id", sa.Integer(), nullable=False),
        sa.Column("drafted_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("sent_by_id", sa.Integer(), nullable=True),
        sa.Column("sent_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("voided_by_id", sa.Integer(), nullable=True),
        sa.Column("voided_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("void_reason", sa.String(length=200), nullable=False),
        sa.Column("key", sa.String(length=12), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.CheckConstraint(
            "status <> 'void' OR void_reason <> ''", name=op.f("ck_letter_void_reason_given")
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'sent', 'void')", name=op.f("ck_letter_status_known")
        ),
        sa.CheckConstraint(
            "status NOT IN ('sent') OR (sent_by_id IS NOT NULL AND sent_at IS NOT NULL)",
            name=op.f("ck_letter_sent_evidence"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('void') OR (voided_by_id IS NOT NULL AND voided_at IS NOT NULL)",
            name=op.f("ck_letter_void_evidence"),
        ),
        sa.CheckConstraint("subject <> '' AND body <> ''", name=op.f("ck_letter_text_given")),
        sa.ForeignKeyConstraint(
            ["drafted_by_id"], ["person.id"], name=op.f("fk_letter_drafted_by_id")
        ),
        sa.ForeignKeyConstraint(["sent_by_id"], ["person.id"], name=op.f("fk_letter_sent_by_id")),
        sa.ForeignKeyConstraint(
            ["voided_by_id"], ["person.id"], name=op.f("fk_letter_voided_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sa.UniqueConstraint("key", name=op.f("uq_letter_key")),
    )
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.create_index("ix_letter_object", ["object_type", "object_key"], unique=False)
        batch_op.create_index("ix_letter_status", ["status"], unique=False)

    op.create_table(
        "letter_recipient",
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("unit", sa.String(length=60), nullable=False),
        sa.Column("email", sa.String(length=120), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=True),
        sa.Column("message_id", sa.String(length=160), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("phase", sa.String(length=10), nullable=True),
        sa.Column("last_error", sa.String(length=200), nullable=False),
        sa.Column("queued_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("next_try_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("claimed_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("delivered_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("key", sa.String(length=12), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.CheckConstraint(
            "phase IN ('connecting', 'text')", name=op.f("ck_letter_recipient_phase_known")
        ),
        sa.CheckConstraint(
            "status NOT IN ('waiting', 'sending', 'delivered', 'failed', 'unclear') OR email <> ''",
            name=op.f("ck_letter_recipient_address_given"),
        ),
        sa.CheckConstraint(
            "status IN ('none', 'waiting', 'sending', 'delivered', 'failed', 'unclear')",
            name=op.f("ck_letter_recipient_status_known"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('delivered') OR (delivered_at IS NOT NULL)",
            name=op.f("ck_letter_recipient_delivered_evidence"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('failed', 'unclear') OR last_error <> ''",
            name=op.f("ck_letter_recipient_error_given"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('sending', 'delivered', 'failed', 'unclear') OR (claimed_at IS NOT NULL AND phase IS NOT NULL)",
            name=op.f("ck_letter_recipient_claimed_evidence"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('waiting', 'sending', 'delivered', 'failed', 'unclear') OR (queued_at IS NOT NULL AND next_try_at IS NOT NULL AND message_id IS NOT NULL AND notice_id IS NOT NULL)",
            name=op.f("ck_letter_recipient_queued_evidence"),
        ),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["letter.id"], name=op.f("fk_letter_recipient_letter_id")
        ),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notice.id"], name=op.f("fk_letter_recipient_notice_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_letter_recipient_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_recipient")),
        sa.UniqueConstraint("key", name=op.f("uq_letter_recipient_key")),
        sa.UniqueConstraint(
            "letter_id", "person_id", name=op.f("uq_letter_recipient_letter_id_person_id")
        ),
        sa.UniqueConstraint("message_id", name=op.f("uq_letter_recipient_message_id")),
    )
    with op.batch_alter_table("letter_recipient", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_letter_recipient_person_id"), ["person_id"], unique=False
        )
        batch_op.create_index("ix_letter_recipient_queue", ["status", "next_try_at"], unique=False)

    # Added in place: a table that others refer to is not built anew under its rows.
    op.add_column(
        "person", sa.Column("email", sa.String(length=120), nullable=False, server_default="")
    )
    op.add_column(
        "person", sa.Column("mail_wanted", sa.Boolean(), nullable=False, server_default=sa.true())
    )


def downgrade() -> None:
    # Plain statements for the same reason.
    op.execute("ALTER TABLE person DROP COLUMN mail_wanted")
    op.execute("ALTER TABLE person DROP COLUMN email")

    with op.batch_alter_table("letter_recipient", schema=None) as batch_op:
        batch_op.drop_index("ix_letter_recipient_queue")
        batch_op.drop_index(batch_op.f("ix_letter_recipient_person_id"))

    op.drop_table("letter_recipient")
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.drop_index("ix_letter_status")
        batch_op.drop_index("ix_letter_object")

    op.drop_table("letter")
