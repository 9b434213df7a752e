"""jobs have a lane and know who asked for them

Revision ID: 0014
Revises: 0013
"""

from __future__ import annotations

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

# Written out: a table made anew would let go of the reports that refer to its rows on SQLite.
COLUMNS = (
    "lane VARCHAR(10) DEFAULT 'work' NOT NULL"
    " CONSTRAINT ck_job_lane_known CHECK (lane IN ('work', 'mail'))",
    "asked_by_id INTEGER CONSTRAINT fk_job_asked_by_id REFERENCES person (id)",
)


def upgrade() -> None:
    for column in COLUMNS:
        op.execute(f"ALTER TABLE job ADD COLUMN {column}")
    op.create_index("ix_job_asked_by", "job", ["asked_by_id", "state"])
    op.execute("UPDATE job SET lane = 'mail' WHERE kind = 'letter.mail'")


def downgrade() -> None:
    op.drop_index("ix_job_asked_by", "job")
    for column in reversed(COLUMNS):
        op.execute(f"ALTER TABLE job DROP COLUMN {column.split()[0]}")
