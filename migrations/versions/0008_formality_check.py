"""The formality check: a list for each call, drafts, what a return opens, how late it came back

Revision ID: 0008
Revises: 0007
"""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

from lab.db.types import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# The list that every call had before calls had lists of their own.
ITEMS = (
    ("eligible", "申报主体符合征集范围"),
    ("complete", "表格填写完整，内容前后一致"),
    ("evidence", "附件齐全，能证明所述内容"),
    ("opinion", "申报单位意见明确，签章齐全"),
    ("ownership", "无知识产权争议"),
    ("in_time", "在规定时间内提交"),
    ("unique", "与在办、已立项项目不重复"),
    ("compliance", "风险与合规分析覆盖反洗钱、个人信息、资金安全、消费者保护"),
)
# A return opened the whole form before it named fields.
FIELDS = (
    *("title", "unit_id", "joint_unit_id", "partner_id", "project_type", "scenario_type", "place"),
    *("starts_on", "ends_on", "leader_id", "leader_duty", "leader_phone", "people"),
    *("background", "mode", "innovation", "plan", "departments", "linkage"),
    *("smart_contract", "smart_contract_text", "milestones", "targets", "budget"),
    *("budget_source", "risks", "demonstration", "replicability"),
    *("files", "unit_opinion", "avoided"),
)
# Written out: altering a table by copying it would lose the constraints that it has.
LATE = "late_days = 0 OR (late_days > 0 AND answers_due_on IS NOT NULL)"
OPENED = "outcome <> 'returned' OR reopened <> '[]'"


def _items() -> str:
    rows = [{"code": code, "hint": "", "label": label} for code, label in ITEMS]
    return json.dumps(rows, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def upgrade() -> None:
    op.add_column(
        "call", sa.Column("check_items", sa.Text(), nullable=False, server_default=_items())
    )
    op.add_column("proposal_version", sa.Column("answers_due_on", sa.Date(), nullable=True))
    op.execute(
        "ALTER TABLE proposal_version ADD COLUMN late_days INTEGER NOT NULL DEFAULT 0 "
        f"CONSTRAINT ck_proposal_version_late_evidence CHECK ({LATE})"
    )
    everything = json.dumps(FIELDS, separators=(",", ":"))
    op.execute(
        f"ALTER TABLE formality_check ADD COLUMN reopened TEXT NOT NULL DEFAULT '{everything}' "
        f"CONSTRAINT ck_formality_check_reopened_given CHECK ({OPENED})"
    )
    op.execute("UPDATE formality_check SET reopened = '[]' WHERE outcome <> 'returned'")

    op.create_table(
        "check_draft",
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("submission", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("saved_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("tab", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_check_draft_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal.id"],
            name=op.f("fk_check_draft_proposal_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_draft")),
        sa.UniqueConstraint("proposal_id", name=op.f("uq_check_draft_proposal_id")),
    )


def downgrade() -> None:
    op.drop_table("check_draft")
    op.execute("ALTER TABLE formality_check DROP COLUMN reopened")
    op.execute("ALTER TABLE proposal_version DROP COLUMN late_days")
    op.execute("ALTER TABLE proposal_version DROP COLUMN answers_due_on")
    op.execute("ALTER TABLE call DROP COLUMN check_items")
