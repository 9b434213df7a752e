"""months are locked and reopened by the office; a month's words are confirmed by the leader

Months that locked themselves are open again: nobody had decided to close them. Words written by
the team's own leader count as confirmed; the others wait for the leader.

Revision ID: 0029
Revises: 0028
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

NO_LONGER = "系统升级后不再自动锁定，由实施办公室办理锁定。"
IN_FORCE = sa.text("reopened_at IS NULL")
OWN_WORDS = """
UPDATE progress_report SET confirmed_by_id = written_by_id, confirmed_at = submitted_at
WHERE submitted_at IS NOT NULL AND EXISTS (
    SELECT 1 FROM team_member WHERE team_member.project_id = progress_report.project_id
    AND team_member.person_id = progress_report.written_by_id AND team_member.role = 'leader'
)
"""
FIRST = "UPDATE progress_report SET first_submitted_at = submitted_at"
ONE_A_MONTH = """
DELETE FROM period_lock WHERE EXISTS (
    SELECT 1 FROM period_lock AS newer WHERE newer.project_id = period_lock.project_id
    AND newer.period_end = period_lock.period_end AND newer.id > period_lock.id
)
"""
REOPENED = "DELETE FROM period_lock WHERE reopened_at IS NOT NULL AND locked_by_id IS NOT NULL"


def upgrade() -> None:
    with op.batch_alter_table("period_lock") as batch:
        batch.add_column(sa.Column("locked_by_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("reopened_by_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("reopen_reason", sa.Text(), nullable=False, server_default=""))
        for column in ("locked_by_id", "reopened_by_id"):
            batch.create_foreign_key(op.f(f"fk_period_lock_{column}"), "person", [column], ["id"])
        batch.drop_constraint(op.f("uq_period_lock_project_id_period_end"), type_="unique")
    op.create_index(
        "uq_period_lock_in_force",
        "period_lock",
        ["project_id", "period_end"],
        unique=True,
        sqlite_where=IN_FORCE,
        postgresql_where=IN_FORCE,
    )
    locks = sa.table("period_lock", sa.column("reopened_at"), sa.column("reopen_reason"))
    op.execute(
        locks.update().values(reopened_at=sa.func.current_timestamp(), reopen_reason=NO_LONGER)
    )
    with op.batch_alter_table("progress_report") as batch:
        for column in ("first_submitted_at", "confirmed_at"):
            batch.add_column(sa.Column(column, sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("confirmed_by_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("return_reason", sa.Text(), nullable=False, server_default=""))
        batch.create_foreign_key(
            op.f("fk_progress_report_confirmed_by_id"), "person", ["confirmed_by_id"], ["id"]
        )
    op.execute(FIRST)
    op.execute(OWN_WORDS)


def downgrade() -> None:
    with op.batch_alter_table("progress_report") as batch:
        batch.drop_constraint(op.f("fk_progress_report_confirmed_by_id"), type_="foreignkey")
        for column in ("return_reason", "confirmed_by_id", "confirmed_at", "first_submitted_at"):
            batch.drop_column(column)
    op.execute(REOPENED)
    op.execute(ONE_A_MONTH)
    op.drop_index("uq_period_lock_in_force", table_name="period_lock")
    with op.batch_alter_table("period_lock") as batch:
        for column in ("locked_by_id", "reopened_by_id"):
            batch.drop_constraint(op.f(f"fk_period_lock_{column}"), type_="foreignkey")
        for column in ("reopen_reason", "reopened_by_id", "reopened_at", "locked_by_id"):
            batch.drop_column(column)
        batch.create_unique_constraint(
            op.f("uq_period_lock_project_id_period_end"), ["project_id", "period_end"]
        )
