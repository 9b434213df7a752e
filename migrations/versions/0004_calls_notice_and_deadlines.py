"""Who may apply, more time, late entry by code, revisions of the notice

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

from lab.db.types import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# Written out: with its check a column can be added in place, without making the table anew under
# the rows that point at it. Both databases read the same words.
COLUMNS = {
    "applicant_side": "VARCHAR(4) DEFAULT 'any' NOT NULL CONSTRAINT ck_call_applicant_side_known CHECK (applicant_side IN ('any', 'post', 'bank'))",
    "joint_rule": "VARCHAR(8) DEFAULT 'normal' NOT NULL CONSTRAINT ck_call_joint_rule_known CHECK (joint_rule IN ('normal', 'required', 'none'))",
    "unit_limit": "INTEGER CONSTRAINT ck_call_unit_limit CHECK (unit_limit IS NULL OR unit_limit BETWEEN 1 AND 99)",
}
FIRST_REVISION = """
INSERT INTO call_revision (call_id, number, notice_text, files, summary, by_id, at)
SELECT id, 1, notice_text, '[]', '发布', created_by_id, published_at
FROM call WHERE published_at IS NOT NULL
"""
ATTACHED = """
SELECT call_file.call_id, stored_file.name FROM call_file
JOIN stored_file ON stored_file.id = call_file.file_id ORDER BY call_file.id
"""


def upgrade() -> None:
    for name, kind in COLUMNS.items():
        op.execute(f"ALTER TABLE call ADD COLUMN {name} {kind}")

    op.create_table(
        "call_extension",
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("old_closes_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("new_closes_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("new_closes_at > old_closes_at", name=op.f("ck_call_extension_later")),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_call_extension_reason_given")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_call_extension_by_id")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_call_extension_call_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_call_extension_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_extension")),
    )
    with op.batch_alter_table("call_extension", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_call_extension_call_id"), ["call_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_call_extension_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "call_late_code",
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("expires_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("used_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("used_by_id", sa.Integer(), nullable=True),
        sa.Column("revoked_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("key", sa.String(length=12), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_call_late_code_reason_given")),
        sa.CheckConstraint(
            "(used_at IS NULL) = (used_by_id IS NULL)", name=op.f("ck_call_late_code_used_evidence")
        ),
        sa.CheckConstraint(
            "revoked_at IS NULL OR used_at IS NULL", name=op.f("ck_call_late_code_used_or_revoked")
        ),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_call_late_code_call_id")),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["person.id"], name=op.f("fk_call_late_code_made_by_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_call_late_code_unit_id")),
        sa.ForeignKeyConstraint(
            ["used_by_id"], ["person.id"], name=op.f("fk_call_late_code_used_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_late_code")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_call_late_code_code_hash")),
        sa.UniqueConstraint("key", name=op.f("uq_call_late_code_key")),
    )
    with op.batch_alter_table("call_late_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_call_late_code_call_id"), ["call_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_call_late_code_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "call_revision",
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("notice_text", sa.Text(), nullable=False),
        sa.Column("files", sa.Text(), nullable=False),
        sa.Column("summary", sa.String(length=200), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_call_revision_number_from_one")),
        sa.CheckConstraint("summary <> ''", name=op.f("ck_call_revision_summary_given")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_call_revision_by_id")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_call_revision_call_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_revision")),
        sa.UniqueConstraint("call_id", "number", name=op.f("uq_call_revision_call_id_number")),
    )
    op.execute(FIRST_REVISION)
    _name_files()

    op.create_table(
        "late_entry",
        sa.Column("code_id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["code_id"], ["call_late_code.id"], name=op.f("fk_late_entry_code_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal.id"],
            name=op.f("fk_late_entry_proposal_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_late_entry")),
        sa.UniqueConstraint("code_id", name=op.f("uq_late_entry_code_id")),
    )
    with op.batch_alter_table("late_entry", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_late_entry_proposal_id"), ["proposal_id"], unique=False
        )


def _name_files() -> None:
    """The attachments that stand beside each notice now belong to its first revision."""
    bind = op.get_bind()
    named: dict[int, list[str]] = {}
    for call_id, name in bind.execute(sa.text(ATTACHED)):
        named.setdefault(call_id, []).append(name)
    write = sa.text("UPDATE call_revision SET files = :files WHERE call_id = :call_id")
    for call_id, names in named.items():
        text = json.dumps(names, ensure_ascii=False, separators=(",", ":"))
        bind.execute(write, {"files": text, "call_id": call_id})


def downgrade() -> None:
    op.drop_table("late_entry")
    op.drop_table("call_revision")
    op.drop_table("call_late_code")
    op.drop_table("call_extension")
    for name in reversed(COLUMNS):
        op.execute(f"ALTER TABLE call DROP COLUMN {name}")
