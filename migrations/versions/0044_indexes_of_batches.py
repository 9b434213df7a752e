"""a batch's list is read in its order, and what a batch has received from an index alone

Revision ID: 0044
Revises: 0043
"""

from __future__ import annotations

from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

RECEIVED = ["call_id", "source_label", "is_demo", "first_submitted_at", "submitted_at", "number"]
INDEXES = (
    ("ix_proposal_call_saved", ["call_id", "saved_at", "id"]),
    ("ix_proposal_received", RECEIVED),
)


def upgrade() -> None:
    for name, columns in INDEXES:
        op.create_index(name, "proposal", columns)


def downgrade() -> None:
    for name, _ in reversed(INDEXES):
        op.drop_index(name, table_name="proposal")
