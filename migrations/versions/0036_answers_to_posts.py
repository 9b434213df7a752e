"""answers to posts wait for their browser; a post that creates something is done once

Revision ID: 0036
Revises: 0035
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.Integer(), nullable=False)


def _person(nullable: bool) -> sa.Column[int]:
    return sa.Column("person_id", sa.Integer(), nullable=nullable)


def _person_key(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_person_id")
    return sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=name)


def upgrade() -> None:
    op.create_table(
        "kept_page",
        _id(),
        sa.Column("key_hash", sa.String(64), nullable=False),
        sa.Column("browser_hash", sa.String(64), nullable=False),
        _person(nullable=True),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("once", sa.Boolean(), nullable=False),
        sa.Column("again", sa.String(200), nullable=False),
        sa.Column("back", sa.String(200), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        _person_key("kept_page"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_page")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_kept_page_key_hash")),
    )
    for column in ("browser_hash", "person_id", "expires_at"):
        op.create_index(op.f(f"ix_kept_page_{column}"), "kept_page", [column])
    op.create_table(
        "finished_post",
        _id(),
        _person(nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        _person_key("finished_post"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finished_post")),
        sa.UniqueConstraint("person_id", "digest", name=op.f("uq_finished_post_person_id_digest")),
    )
    op.create_index(op.f("ix_finished_post_made_at"), "finished_post", ["made_at"])


def downgrade() -> None:
    op.drop_table("finished_post")
    op.drop_table("kept_page")
