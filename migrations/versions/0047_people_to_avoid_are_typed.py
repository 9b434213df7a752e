"""whom to avoid is typed as name and unit, and matched with a person at the formality check

Whom applicants chose before stays chosen: name and unit are written beside, the person counts as
matched. Choices that were not finished, and earlier texts of the last hour, are rewritten likewise.
Going back needs a schema in which everybody is a person: entries without one are left out.

Revision ID: 0047
Revises: 0046
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

PAIR = ["proposal_id", "person_id"]
NAMED, EVIDENCE = "name <> ''", "person_id IS NULL OR matched_at IS NOT NULL"
NAMES = """
UPDATE proposal_avoid SET
  name = (SELECT person.name FROM person WHERE person.id = proposal_avoid.person_id),
  unit = coalesce((SELECT unit.name FROM person JOIN unit ON unit.id = person.unit_id
                   WHERE person.id = proposal_avoid.person_id), ''),
  matched_at = :now
"""
DOUBLES = """
DELETE FROM proposal_avoid WHERE person_id IS NULL OR EXISTS (
    SELECT 1 FROM proposal_avoid AS earlier
    WHERE earlier.proposal_id = proposal_avoid.proposal_id
      AND earlier.person_id = proposal_avoid.person_id AND earlier.id < proposal_avoid.id
)
"""


def upgrade() -> None:
    with op.batch_alter_table("proposal_avoid", schema=None) as batch:
        batch.drop_constraint(op.f(f"uq_proposal_avoid_{'_'.join(PAIR)}"), type_="unique")
        batch.alter_column("person_id", existing_type=sa.Integer(), nullable=True)
        batch.add_column(sa.Column("name", sa.String(40), nullable=False, server_default=""))
        batch.add_column(sa.Column("unit", sa.String(60), nullable=False, server_default=""))
        batch.add_column(sa.Column("matched_by_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("matched_at", sa.DateTime(timezone=True), nullable=True))
        batch.create_foreign_key(
            op.f("fk_proposal_avoid_matched_by_id_person"), "person", ["matched_by_id"], ["id"]
        )
    _fill()
    with op.batch_alter_table("proposal_avoid", schema=None) as batch:
        batch.create_check_constraint(op.f("ck_proposal_avoid_avoided_named"), NAMED)
        batch.create_check_constraint(op.f("ck_proposal_avoid_match_evidence"), EVIDENCE)


def downgrade() -> None:
    op.execute(DOUBLES)
    with op.batch_alter_table("proposal_avoid", schema=None) as batch:
        batch.drop_constraint(op.f("ck_proposal_avoid_match_evidence"), type_="check")
        batch.drop_constraint(op.f("ck_proposal_avoid_avoided_named"), type_="check")
        batch.drop_constraint(op.f("fk_proposal_avoid_matched_by_id_person"), type_="foreignkey")
        for column in ("matched_at", "matched_by_id", "unit", "name"):
            batch.drop_column(column)
        batch.alter_column("person_id", existing_type=sa.Integer(), nullable=False)
        batch.create_unique_constraint(op.f(f"uq_proposal_avoid_{'_'.join(PAIR)}"), PAIR)


def _fill() -> None:
    connection = op.get_bind()
    now = sa.bindparam("now", datetime.now(UTC), type_=sa.DateTime(timezone=True))
    connection.execute(sa.text(NAMES).bindparams(now))
    people = {
        row.id: (row.name, row.unit or "")
        for row in connection.execute(
            sa.text(
                "SELECT person.id, person.name, unit.name AS unit FROM person"
                " LEFT JOIN unit ON unit.id = person.unit_id"
            )
        )
    }
    for number, text in _texts("proposal", "leftovers"):
        _store("proposal", "leftovers", number, _typed(text, people))
    for number, text in _texts("proposal_draft_snapshot", "content"):
        plain = json.loads(text)
        plain["fields"]["avoided"] = _rows(plain["fields"].get("avoided", []), people)
        plain["leftovers"] = _typed(plain["leftovers"], people)
        stored = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        _store("proposal_draft_snapshot", "content", number, stored)


def _texts(table: str, column: str) -> list[tuple[int, str]]:
    query = f"SELECT id, {column} FROM {table} WHERE {column} LIKE '%avoided%'"
    return [(row[0], row[1]) for row in op.get_bind().execute(sa.text(query))]


def _store(table: str, column: str, number: int, text: str) -> None:
    changed = sa.text(f"UPDATE {table} SET {column} = :text WHERE id = :id")
    op.get_bind().execute(changed, {"text": text, "id": number})


def _typed(text: str, people: dict[int, tuple[str, str]]) -> str:
    """What was typed and did not pass the check: rows of texts."""
    typed = json.loads(text)
    if isinstance(typed.get("avoided"), list):
        typed["avoided"] = _rows(typed["avoided"], people)
    return json.dumps(typed, sort_keys=True)


def _rows(rows: list[dict[str, Any]], people: dict[int, tuple[str, str]]) -> list[dict[str, Any]]:
    result = []
    for row in rows:
        number = str(row.get("person_id", ""))
        name, unit = people.get(int(number), ("", "")) if number.isdecimal() else ("", "")
        kept = {key: value for key, value in row.items() if key != "person_id"}
        result.append({"name": name, "unit": unit, **kept})
    return result
