"""what changes with time is kept with the day it holds from and the moment it was recorded

Revision ID: 0024
Revises: 0023
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

ORIGINS = "origin IN ('act', 'published', 'log', 'assumed')"
COLORS = "color IN ('green', 'yellow', 'red', 'grey')"
IN_FORCE = sa.text("ended_on IS NULL")
BEGAN = "2022-01-01"  # replaced row by row by the migration that follows


def _table(name: str, *columns: Any, parents: dict[str, str], checks: dict[str, str]) -> None:
    """A table of history rows below these parents (column to table)."""
    keys = [sa.Column(column, sa.Integer(), nullable=False) for column in parents]
    op.create_table(
        name,
        *keys,
        *columns,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("origin", sa.String(length=10), nullable=False),
        *(
            sa.CheckConstraint(rule, name=op.f(f"ck_{name}_{check}"))
            for check, rule in {"origin_known": ORIGINS, **checks}.items()
        ),
        *(
            sa.ForeignKeyConstraint([column], [f"{parent}.id"], name=op.f(f"fk_{name}_{column}"))
            for column, parent in parents.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
    )
    if "project_id" in parents:
        op.create_index(f"ix_{name}_project", name, ["project_id", "valid_from"])


def _text(name: str, length: int | None = None) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length=length) if length else sa.Text(), nullable=False)


def _of_projects() -> None:
    project = {"project_id": "project"}
    milestone = {**project, "milestone_id": "milestone"}
    _table("project_state", _text("status", 24), _text("reason"), parents=project, checks={})
    _table(
        "light_override",
        sa.Column("color", sa.String(length=6), nullable=True),
        _text("reason", 300),
        parents=project,
        checks={"color_known": COLORS},
    )
    _table(
        "milestone_plan",
        _text("name", 60),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("progress", sa.Integer(), nullable=False),
        parents=milestone,
        checks={},
    )
    _table(
        "milestone_completion",
        sa.Column("done_on", sa.Date(), nullable=True),
        parents=milestone,
        checks={},
    )
    _table(
        "target_revision",
        _text("indicator", 3),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("dropped", sa.Boolean(), nullable=False),
        sa.Column("base", sa.BigInteger(), nullable=True),
        sa.Column("target", sa.BigInteger(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        parents=project,
        checks={},
    )
    _table(
        "team_membership",
        sa.Column("role", sa.String(length=8), nullable=True),
        _text("duty", 60),
        parents={**project, "person_id": "person"},
        checks={"role_known": "role IN ('leader', 'member')"},
    )
    op.create_index(op.f("ix_team_membership_person_id"), "team_membership", ["person_id"])
    with op.batch_alter_table("target") as batch:
        batch.drop_constraint(op.f("uq_target_project_id_indicator"), type_="unique")
        batch.create_unique_constraint(
            op.f("uq_target_project_id_indicator_due_on"), ["project_id", "indicator", "due_on"]
        )


def _of_entries() -> None:
    op.create_table(
        "entry_event",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        _text("status", 24),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _text("origin", 10),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_entry_event_entry_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry_event")),
    )
    op.create_index(op.f("ix_entry_event_entry_id"), "entry_event", ["entry_id"])


def _of_merchants() -> None:
    _table(
        "merchant_count",
        sa.Column("outlets", sa.Integer(), nullable=False),
        parents={"merchant_id": "merchant"},
        checks={},
    )
    op.create_index(op.f("ix_merchant_count_merchant_id"), "merchant_count", ["merchant_id"])
    for table in ("scenario", "merchant"):
        op.execute(f"ALTER TABLE {table} ADD COLUMN began_on DATE DEFAULT '{BEGAN}' NOT NULL")
    # Other tables hang on this one: SQLite must not build it anew.
    op.execute(
        "ALTER TABLE merchant ADD COLUMN same_as_id INTEGER "
        "CONSTRAINT fk_merchant_same_as_id REFERENCES merchant (id)"
    )
    op.create_index(op.f("ix_merchant_same_as_id"), "merchant", ["same_as_id"])
    with op.batch_alter_table("onboarding_step") as batch:
        batch.add_column(sa.Column("ended_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
        batch.drop_constraint(op.f("uq_onboarding_step_merchant_id_step"), type_="unique")
    op.create_index(
        "uq_onboarding_step_in_force",
        "onboarding_step",
        ["merchant_id", "step"],
        unique=True,
        sqlite_where=IN_FORCE,
        postgresql_where=IN_FORCE,
    )


def upgrade() -> None:
    _of_projects()
    _of_entries()
    _of_merchants()


# Earlier versions know one target an indicator (the last stage), and forget a pause that ended.
LAST_STAGE = """
DELETE FROM target WHERE EXISTS (
    SELECT 1 FROM target AS later WHERE later.project_id = target.project_id
    AND later.indicator = target.indicator AND later.due_on > target.due_on
)
"""
ENDED_PAUSES = "DELETE FROM onboarding_step WHERE ended_on IS NOT NULL"


def downgrade() -> None:
    op.execute(ENDED_PAUSES)
    op.drop_index("uq_onboarding_step_in_force", table_name="onboarding_step")
    with op.batch_alter_table("onboarding_step") as batch:
        batch.create_unique_constraint(
            op.f("uq_onboarding_step_merchant_id_step"), ["merchant_id", "step"]
        )
        batch.drop_column("ended_at")
        batch.drop_column("ended_on")
    op.drop_index(op.f("ix_merchant_same_as_id"), table_name="merchant")
    if op.get_context().dialect.name == "postgresql":
        op.drop_constraint("fk_merchant_same_as_id", "merchant", type_="foreignkey")
    op.execute("ALTER TABLE merchant DROP COLUMN same_as_id")
    for table in ("merchant", "scenario"):
        op.execute(f"ALTER TABLE {table} DROP COLUMN began_on")
    op.drop_table("merchant_count")
    op.drop_table("entry_event")
    op.execute(LAST_STAGE)
    with op.batch_alter_table("target") as batch:
        batch.drop_constraint(op.f("uq_target_project_id_indicator_due_on"), type_="unique")
        batch.create_unique_constraint(
            op.f("uq_target_project_id_indicator"), ["project_id", "indicator"]
        )
    for table in (
        "team_membership",
        "target_revision",
        "milestone_completion",
        "milestone_plan",
        "light_override",
        "project_state",
    ):
        op.drop_table(table)
