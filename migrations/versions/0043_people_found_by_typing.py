"""people are found by what is typed of their names; members of a team need no account

The keys of people who were there before are written by the worker. Going back needs a schema in
which every member has an account: members without one are left out.

Revision ID: 0043
Revises: 0042
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

KEY = sa.String(80).with_variant(sa.String(80, collation="C"), "postgresql")
NAMED = "person_id IS NOT NULL OR name <> ''"


def upgrade() -> None:
    op.create_index("ix_person_name", "person", ["name"])
    op.create_table(
        "person_name_key",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("key", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_person_name_key_person_id_person"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("person_id", "key", name=op.f("pk_person_name_key")),
    )
    op.create_index("ix_person_name_key_key", "person_name_key", ["key", "person_id"])
    with op.batch_alter_table("proposal_person", schema=None) as batch:
        batch.alter_column("person_id", existing_type=sa.Integer(), nullable=True)
        batch.add_column(sa.Column("name", sa.String(40), nullable=False, server_default=""))
        batch.add_column(sa.Column("unit", sa.String(60), nullable=False, server_default=""))
        batch.create_check_constraint(op.f("ck_proposal_person_member_named"), NAMED)


def downgrade() -> None:
    op.execute("DELETE FROM proposal_person WHERE person_id IS NULL")
    with op.batch_alter_table("proposal_person", schema=None) as batch:
        batch.drop_constraint(op.f("ck_proposal_person_member_named"), type_="check")
        batch.drop_column("unit")
        batch.drop_column("name")
        batch.alter_column("person_id", existing_type=sa.Integer(), nullable=False)
    op.drop_index("ix_person_name_key_key", table_name="person_name_key")
    op.drop_table("person_name_key")
    op.drop_index("ix_person_name", table_name="person")
