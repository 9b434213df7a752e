"""nothing to add; on the way back, pages of addresses that are no step's are left behind

Up to 0019 a page in which somebody types was known by its step, in twelve characters. An address
that is longer and still looks like a step's (one that a script made up, or `…/autosave`) ends the
way back of 0020 on PostgreSQL, which refuses what SQLite stores.

Revision ID: 0023
Revises: 0022
"""

from __future__ import annotations

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

LONGEST_STEP = 12
FORGET = f"DELETE FROM editor_tab WHERE place LIKE '/proposals/%/edit/{'_' * (LONGEST_STEP + 1)}%'"


def upgrade() -> None:
    """The way forward has nothing to do: such rows harm nobody and are swept after a day."""


def downgrade() -> None:
    op.execute(FORGET)
