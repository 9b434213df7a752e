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

# Who typed the newest first password that one person gave alone: the audit log knows (0: the shell).
TYPED = """
UPDATE person SET first_password_by_id = (
    SELECT giver.id FROM audit_event
    LEFT JOIN person AS giver ON giver.id = audit_event.actor_id
    WHERE audit_event.object_type = 'Person' AND audit_event.object_key = person.key
    AND audit_event.action IN ('people.create', 'people.reset_password')
    AND audit_event.result = 'ok' AND audit_event.detail NOT LIKE '%"release"%'
    ORDER BY audit_event.seq DESC LIMIT 1
)
"""
# Who opened the slip, where the newest reset was by release.
SEEN = """
UPDATE person SET first_password_by_id = (
    SELECT slip_for_id FROM password_reset WHERE person_id = person.id ORDER BY id DESC LIMIT 1
)
WHERE EXISTS (
    SELECT 1 FROM password_reset WHERE person_id = person.id AND slip_taken_at IS NOT NULL
    AND id = (SELECT max(id) FROM password_reset WHERE person_id = person.id)
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
    op.execute(TYPED)
    op.execute(SEEN)


def downgrade() -> None:
    op.drop_index(op.f("ix_person_first_password_by_id"), table_name="person")
    if op.get_context().dialect.name == "postgresql":
        op.drop_constraint(op.f("fk_person_first_password_by_id"), "person", type_="foreignkey")
    op.execute("ALTER TABLE person DROP COLUMN first_password_by_id")
