"""every act on a decision is kept, with what was said

Filled from the audit log and from the decisions themselves. What the leading group said when it
sent a list back is known only of the newest refusal, and only until the list was approved; of
others the reason stays unknown.

Revision ID: 0028
Revises: 0027
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

# act: (state after it, column of the person, column of the time)
ACTS = {
    "submit": ("submitted", "proposed_by_id", "proposed_at"),
    "send_back": ("sent_back", "decided_by_id", "decided_at"),
    "approve": ("approved", "decided_by_id", "decided_at"),
    "publish": ("published", None, "published_at"),
}
AFTER = {  # the acts that a decision in this state has been through at least
    "submitted": ("submit",),
    "sent_back": ("submit", "send_back"),
    "approved": ("submit", "approve"),
    "published": ("submit", "approve", "publish"),
}


def upgrade() -> None:
    op.create_table(
        "decision_act",
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=12), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("origin", sa.String(length=10), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "act IN ('submit', 'send_back', 'approve', 'publish')",
            name=op.f("ck_decision_act_act_known"),
        ),
        sa.CheckConstraint(
            "origin IN ('act', 'log', 'assumed')", name=op.f("ck_decision_act_origin_known")
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_decision_act_decision_id")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_decision_act_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_act")),
    )
    op.create_index(op.f("ix_decision_act_decision_id"), "decision_act", ["decision_id"])
    _fill(op.get_bind())


def downgrade() -> None:
    op.drop_index(op.f("ix_decision_act_decision_id"), table_name="decision_act")
    op.drop_table("decision_act")


def _fill(connection: sa.Connection) -> None:
    found = sa.MetaData()
    found.reflect(connection, only=["decision", "decision_act", "audit_event", "person"])
    decision, log = found.tables["decision"], found.tables["audit_event"]
    people = set(connection.scalars(sa.select(found.tables["person"].c.id)))
    told: dict[str, list[Any]] = {}
    actions = [f"decision.{act}" for act in ACTS]
    query = sa.select(log).where(log.c.result == "ok", log.c.action.in_(actions))
    for event in connection.execute(query.order_by(log.c.seq)):
        told.setdefault(event.object_key, []).append(event)
    rows = [
        row
        for one in connection.execute(sa.select(decision).order_by(decision.c.id))
        for row in _acts(one, told.get(one.key, []), people)
    ]
    if rows:
        connection.execute(found.tables["decision_act"].insert(), rows)


def _acts(decision: Any, events: list[Any], people: set[int]) -> list[dict[str, Any]]:
    rows = [_from_log(decision, event, people) for event in events]
    known = {row["act"] for row in rows}
    rows += [
        _from_columns(decision, act) for act in AFTER.get(decision.status, ()) if act not in known
    ]
    rows.sort(key=lambda row: row["at"])
    newest = next((row for row in reversed(rows) if row["act"] in ("send_back", "approve")), None)
    if newest is not None:
        newest["reason"] = decision.note or ""
    return rows


def _from_log(decision: Any, event: Any, people: set[int]) -> dict[str, Any]:
    act = event.action.removeprefix("decision.")
    by = event.actor_id if event.actor_id in people else None
    return _row(decision, act, by, event.at, "log")


def _from_columns(decision: Any, act: str) -> dict[str, Any]:
    _, person, moment = ACTS[act]
    by = getattr(decision, person) if person else None
    return _row(decision, act, by, getattr(decision, moment), "assumed")


def _row(decision: Any, act: str, by: int | None, at: datetime, origin: str) -> dict[str, Any]:
    return {
        "decision_id": decision.id,
        "act": act,
        "status": ACTS[act][0],
        "reason": None if act in ("send_back", "approve") else "",
        "by_id": by,
        "at": at if at.tzinfo else at.replace(tzinfo=UTC),
        "origin": origin,
    }
