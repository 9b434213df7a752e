"""an indicator may have several targets at different dates

Going back needs a schema in which each indicator has one: of its stages the last one, which is the
target, stays.

Revision ID: 0032
Revises: 0031
"""

from __future__ import annotations

from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

ONE = ["proposal_id", "indicator"]
STAGES = [*ONE, "due_on"]
EARLIER = """
DELETE FROM proposal_target WHERE EXISTS (
    SELECT 1 FROM proposal_target AS later
    WHERE later.proposal_id = proposal_target.proposal_id
      AND later.indicator = proposal_target.indicator
      AND later.due_on > proposal_target.due_on
)
"""


def _unique(before: list[str], after: list[str]) -> None:
    with op.batch_alter_table("proposal_target", schema=None) as batch:
        batch.drop_constraint(op.f(f"uq_proposal_target_{'_'.join(before)}"), type_="unique")
        batch.create_unique_constraint(op.f(f"uq_proposal_target_{'_'.join(after)}"), after)


def upgrade() -> None:
    _unique(ONE, STAGES)


def downgrade() -> None:
    op.execute(EARLIER)
    _unique(STAGES, ONE)
