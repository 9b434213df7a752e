"""the queue of formality checks in its order, and proposals by their title

Revision ID: 0012
Revises: 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lab.clock import now
from lab.db import new_key
from lab.db.types import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_proposal_queue": (
        *("status", "queue_rank", "submitted_at", "id", "call_id"),
        *("unit_id", "joint_unit_id", "owner_id", "leader_id", "partner_id"),
    ),
    "ix_proposal_title": ("title",),
}
# A late correction before other corrections before first submissions.
RANKS = """
UPDATE proposal SET queue_rank = CASE WHEN (
  SELECT v.late_days FROM proposal_version v
  WHERE v.proposal_id = proposal.id ORDER BY v.number DESC LIMIT 1
) > 0 THEN 0 ELSE 1 END
WHERE (SELECT max(v.number) FROM proposal_version v WHERE v.proposal_id = proposal.id) > 1
"""

# Of a refused proposal others find only what was submitted: the worker mends what is indexed.
REFUSED = "SELECT count(*) FROM proposal WHERE status = 'refused'"


def upgrade() -> None:
    op.add_column(
        "proposal", sa.Column("queue_rank", sa.Integer(), nullable=False, server_default="2")
    )
    op.execute(RANKS)
    for name, columns in INDEXES.items():
        op.create_index(name, "proposal", list(columns))
    if op.get_bind().scalar(sa.text(REFUSED)):
        _queue_rebuild()


def _queue_rebuild() -> None:
    job = sa.table(
        "job",
        *(sa.column(name) for name in ("key", "kind", "arguments", "state", "attempts")),
        sa.column("due_at", UtcDateTime(timezone=True)),
        sa.column("failure"),
    )
    row = {"key": new_key(), "kind": "search.rebuild", "arguments": "{}", "state": "queued"}
    op.bulk_insert(job, [{**row, "attempts": 0, "due_at": now(), "failure": ""}])


def downgrade() -> None:
    for name in INDEXES:
        op.drop_index(name, "proposal")
    op.drop_column("proposal", "queue_rank")
