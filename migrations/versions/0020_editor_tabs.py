"""one table of the pages in which somebody types, in place of one for each form

Revision ID: 0020
Revises: 0019
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lab.db.types import UtcDateTime

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

# Pages that are open while the portal is brought up to date go on saving as they did.
STEPS_OVER = """
INSERT INTO editor_tab
  (place, person_id, tab, number, base_version, saved_version, seen_at, typed)
SELECT '/proposals/' || proposal.key || '/edit/' || step, person_id, tab,
  proposal_presence.number, base_version, saved_version, seen_at, ''
FROM proposal_presence JOIN proposal ON proposal.id = proposal_presence.proposal_id
"""
CHECKS_OVER = """
INSERT INTO editor_tab
  (place, person_id, tab, number, base_version, saved_version, seen_at, typed)
SELECT '/checks/' || proposal.key, person_id, tab, check_draft.number, base_version,
  check_draft.version, check_draft.saved_at, ''
FROM check_draft JOIN proposal ON proposal.id = check_draft.proposal_id
"""
# Of several pages of one person the one that saved last.
STEPS_BACK = """
INSERT INTO proposal_presence
  (proposal_id, person_id, step, tab, number, base_version, saved_version, seen_at)
SELECT proposal.id, newest.person_id, replace(newest.place, '/proposals/' || proposal.key ||
  '/edit/', ''), newest.tab, newest.number, newest.base_version, newest.saved_version,
  newest.seen_at
FROM editor_tab AS newest
JOIN proposal ON newest.place LIKE '/proposals/' || proposal.key || '/edit/%'
WHERE newest.id = (
  SELECT other.id FROM editor_tab AS other
  WHERE other.place = newest.place AND other.person_id = newest.person_id
  ORDER BY other.saved_version DESC, other.id DESC LIMIT 1
)
"""
CHECKS_BACK = """
UPDATE check_draft SET {column} = coalesce((
  SELECT editor_tab.{column} FROM editor_tab JOIN proposal
    ON editor_tab.place = '/checks/' || proposal.key
  WHERE proposal.id = check_draft.proposal_id AND editor_tab.person_id = check_draft.person_id
    AND editor_tab.saved_version = check_draft.version
  ORDER BY editor_tab.id DESC LIMIT 1
), {column})
"""
OF_A_SAVE = ("tab", "number", "base_version")


def upgrade() -> None:
    op.create_table(
        "editor_tab",
        sa.Column("place", sa.String(length=160), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        *_of_a_page(),
        sa.Column("seen_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("typed", sa.Text(), nullable=False),
        sa.Column("typed_version", sa.Integer(), nullable=True),
        sa.Column("typed_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_editor_tab_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_editor_tab")),
        sa.UniqueConstraint(
            "place", "person_id", "tab", name=op.f("uq_editor_tab_place_person_id_tab")
        ),
    )
    for column in ("person_id", "seen_at"):
        op.create_index(op.f(f"ix_editor_tab_{column}"), "editor_tab", [column])
    op.execute(STEPS_OVER)
    op.execute(CHECKS_OVER)
    op.drop_table("proposal_presence")
    for column in OF_A_SAVE:
        op.drop_column("check_draft", column)


def _of_a_page() -> list[sa.Column[object]]:
    numbers = ("number", "base_version", "saved_version")
    return [
        sa.Column("tab", sa.String(length=32), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in numbers),
    ]


def downgrade() -> None:
    op.create_table(
        "proposal_presence",
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=12), nullable=False),
        sa.Column("seen_at", UtcDateTime(timezone=True), nullable=False),
        *_of_a_page(),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_proposal_presence_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal.id"],
            name=op.f("fk_proposal_presence_proposal_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_presence")),
        sa.UniqueConstraint(
            "proposal_id",
            "person_id",
            "step",
            name=op.f("uq_proposal_presence_proposal_id_person_id_step"),
        ),
    )
    op.create_index(op.f("ix_proposal_presence_seen_at"), "proposal_presence", ["seen_at"])
    op.execute(STEPS_BACK)
    op.add_column("check_draft", sa.Column("tab", sa.String(32), nullable=False, server_default=""))
    for name in OF_A_SAVE[1:]:
        op.add_column(
            "check_draft", sa.Column(name, sa.Integer(), nullable=False, server_default="0")
        )
    for column in OF_A_SAVE:
        op.execute(CHECKS_BACK.format(column=column))
    op.drop_table("editor_tab")
