"""Open gaps of drafts, first submissions, reminders of a call, withdrawals

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lab.db.types import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

OVERVIEW = ["call_id", "status", "unit_id", "joint_unit_id", "open_gaps", "saved_at"]


def upgrade() -> None:
    # NULL means not counted yet: the sweep of the worker counts the drafts of before.
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.add_column(sa.Column("open_gaps", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("first_submitted_at", UtcDateTime(timezone=True), nullable=True)
        )
        batch_op.create_index(batch_op.f("ix_proposal_overview"), OVERVIEW, unique=False)
        batch_op.create_index(
            batch_op.f("ix_proposal_days"), ["call_id", "first_submitted_at"], unique=False
        )
    op.execute(
        "UPDATE proposal SET first_submitted_at = COALESCE((SELECT min(v.submitted_at) "
        "FROM proposal_version v WHERE v.proposal_id = proposal.id), submitted_at)"
    )
    _reminders()
    _withdrawals()


def _reminders() -> None:
    op.create_table(
        "call_reminder",
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('nothing', 'unfinished')", name=op.f("ck_call_reminder_kind_known")
        ),
        sa.CheckConstraint("told > 0", name=op.f("ck_call_reminder_somebody_told")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_call_reminder_by_id")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_call_reminder_call_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_call_reminder_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_reminder")),
        sa.UniqueConstraint(
            "call_id", "unit_id", "day", name=op.f("uq_call_reminder_call_id_unit_id_day")
        ),
    )


def _withdrawals() -> None:
    op.create_table(
        "proposal_withdrawal",
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("taken_up_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.CheckConstraint(
            "kind IN ('own', 'request', 'office')", name=op.f("ck_proposal_withdrawal_kind_known")
        ),
        sa.CheckConstraint(
            "kind = 'own' OR reason <> ''", name=op.f("ck_proposal_withdrawal_reason_given")
        ),
        sa.CheckConstraint(
            "status IN ('asked', 'agreed', 'refused', 'dropped', 'done')",
            name=op.f("ck_proposal_withdrawal_status_known"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('agreed', 'refused') OR answer <> ''",
            name=op.f("ck_proposal_withdrawal_answer_given"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('agreed', 'refused', 'dropped', 'done') "
            "OR (decided_by_id IS NOT NULL AND decided_at IS NOT NULL)",
            name=op.f("ck_proposal_withdrawal_decided_evidence"),
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["person.id"], name=op.f("fk_proposal_withdrawal_asked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_proposal_withdrawal_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_proposal_withdrawal_proposal_id")
        ),
        sa.ForeignKeyConstraint(
            ["taken_up_id"],
            ["proposal.id"],
            name=op.f("fk_proposal_withdrawal_taken_up_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_withdrawal")),
    )
    with op.batch_alter_table("proposal_withdrawal", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_proposal_withdrawal_proposal_id"), ["proposal_id"], unique=False
        )
        batch_op.create_index(
            "uq_proposal_withdrawal_asked",
            ["proposal_id"],
            unique=True,
            sqlite_where=sa.text("status = 'asked'"),
            postgresql_where=sa.text("status = 'asked'"),
        )


def downgrade() -> None:
    op.drop_table("proposal_withdrawal")
    op.drop_table("call_reminder")
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_proposal_days"))
        batch_op.drop_index(batch_op.f("ix_proposal_overview"))
        batch_op.drop_column("first_submitted_at")
        batch_op.drop_column("open_gaps")
