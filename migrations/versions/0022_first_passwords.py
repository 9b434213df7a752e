"""an account remembers through whose hands its first password went

Revision ID: 0022
Revises: 0021
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

# The newest first password that somebody saw: of a slip its taker, of a reset by one person alone
# nobody, because who that was is kept in words only.
SEEN = """
UPDATE person SET first_password_by_id = (
    SELECT slip_for_id FROM password_reset
    WHERE person_id = person.id AND (slip_taken_at IS NOT NULL OR release_key = '')
    ORDER BY id DESC LIMIT 1
)
"""


def upgrade() -> None:
    # Many tables hang on this one: SQLite must not build it anew, and takes the key with the column.
    if op.get_context().dialect.name == "sqlite":
        op.execute(
            "ALTER TABLE person ADD COLUMN first_password_by_id INTEGER REFERENCES person (id)"
        )
    else:
        op.add_column("person", sa.Column("first_password_by_id", sa.Integer(), nullable=True))
        op.create_foreign_key(
            op.f("fk_person_first_password_by_id"),
            *("person", "person", ["first_password_by_id"], ["id"]),
        )
    op.create_index(op.f("ix_person_first_password_by_id"), "person", ["first_password_by_id"])
    op.execute(SEEN)


def downgrade() -> None:
    op.drop_index(op.f("ix_person_first_password_by_id"), table_name="person")
    if op.get_context().dialect.name == "postgresql":
        op.drop_constraint(op.f("fk_person_first_password_by_id"), "person", type_="foreignkey")
    op.execute("ALTER TABLE person DROP COLUMN first_password_by_id")
