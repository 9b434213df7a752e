"""The partner unit confirms a joint proposal; the budget as rows; the copy that reviewers see

Revision ID: 0006
Revises: 0005
"""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

from lab.db.types import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TOTAL = "合计"


def upgrade() -> None:
    _partner()
    _confirmations()
    _budget()
    _kinds("'proposal', 'receipt', 'review'")


def downgrade() -> None:
    op.execute("DELETE FROM paper WHERE kind = 'review'")
    _kinds("'proposal', 'receipt'")
    _leftovers("budget", "budget_fen", lambda rows: rows[0].get("amount_fen", "") if rows else "")
    op.drop_table("proposal_budget_row")
    op.drop_table("joint_confirmation")
    op.drop_index(op.f("ix_proposal_partner_id"), table_name="proposal")
    if op.get_context().dialect.name == "postgresql":
        op.drop_constraint(op.f("fk_proposal_partner_id"), "proposal", type_="foreignkey")
    op.execute("ALTER TABLE proposal DROP COLUMN partner_id")


def _partner() -> None:
    # Many tables hang on this one: SQLite must not build it anew, and takes the key with the column.
    if op.get_context().dialect.name == "sqlite":
        op.execute("ALTER TABLE proposal ADD COLUMN partner_id INTEGER REFERENCES person (id)")
    else:
        op.add_column("proposal", sa.Column("partner_id", sa.Integer(), nullable=True))
        op.create_foreign_key(
            op.f("fk_proposal_partner_id"), "proposal", "person", ["partner_id"], ["id"]
        )
    op.create_index(op.f("ix_proposal_partner_id"), "proposal", ["partner_id"], unique=False)


def _confirmations() -> None:
    op.create_table(
        "joint_confirmation",
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("answered_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.CheckConstraint(
            "status IN ('asked', 'confirmed', 'returned', 'dropped')",
            name=op.f("ck_joint_confirmation_status_known"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('confirmed', 'returned', 'dropped') OR (answered_at IS NOT NULL)",
            name=op.f("ck_joint_confirmation_answered_evidence"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('confirmed', 'returned') OR (fingerprint IS NOT NULL)",
            name=op.f("ck_joint_confirmation_read_evidence"),
        ),
        sa.CheckConstraint(
            "status <> 'asked' OR (answered_at IS NULL AND fingerprint IS NULL)",
            name=op.f("ck_joint_confirmation_asked_is_open"),
        ),
        sa.CheckConstraint(
            "status <> 'confirmed' OR (opinion <> '' AND content <> '')",
            name=op.f("ck_joint_confirmation_opinion_given"),
        ),
        sa.CheckConstraint(
            "status <> 'returned' OR (reason <> '' AND content <> '')",
            name=op.f("ck_joint_confirmation_reason_given"),
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal.id"],
            name=op.f("fk_joint_confirmation_proposal_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_joint_confirmation_unit_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_joint_confirmation_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["person.id"], name=op.f("fk_joint_confirmation_asked_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_joint_confirmation")),
    )
    for column in ("proposal_id", "person_id"):
        op.create_index(
            op.f(f"ix_joint_confirmation_{column}"), "joint_confirmation", [column], unique=False
        )
    op.create_index(
        "ix_joint_confirmation_open",
        "joint_confirmation",
        ["proposal_id"],
        unique=True,
        sqlite_where=sa.text("status = 'asked'"),
        postgresql_where=sa.text("status = 'asked'"),
    )


def _budget() -> None:
    op.create_table(
        "proposal_budget_row",
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=40), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.String(length=100), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "amount_fen >= 0", name=op.f("ck_proposal_budget_row_amount_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_proposal_budget_row_proposal_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_budget_row")),
    )
    op.create_index(
        op.f("ix_proposal_budget_row_proposal_id"),
        "proposal_budget_row",
        ["proposal_id"],
        unique=False,
    )
    # A budget that was one number so far stays what it is, as one row.
    op.execute(
        sa.text(
            "INSERT INTO proposal_budget_row (proposal_id, position, item, amount_fen, note) "
            "SELECT id, 0, :item, budget_fen, '' FROM proposal WHERE budget_fen IS NOT NULL"
        ).bindparams(item=TOTAL)
    )
    _leftovers(
        "budget_fen", "budget", lambda typed: [{"item": TOTAL, "amount_fen": typed, "note": ""}]
    )


def _leftovers(old: str, new: str, convert) -> None:  # type: ignore[no-untyped-def]
    """What was typed into the old field and did not pass the check goes into the new one."""
    proposals = sa.table("proposal", sa.column("id"), sa.column("leftovers"))
    connection = op.get_bind()
    found = connection.execute(
        sa.select(proposals).where(proposals.c.leftovers.contains(f'"{old}"'))
    ).all()
    for row in found:
        kept = json.loads(row.leftovers)
        if old in kept:
            kept[new] = convert(kept.pop(old))
            connection.execute(
                proposals.update()
                .where(proposals.c.id == row.id)
                .values(leftovers=json.dumps(kept, sort_keys=True))
            )


def _kinds(listed: str) -> None:
    with op.batch_alter_table("paper", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_paper_kind_known"), type_="check")
        batch_op.create_check_constraint(op.f("ck_paper_kind_known"), f"kind IN ({listed})")
