"""the outcome of a formality check takes effect with its letter; a silent partner is reminded

Outcomes recorded so far took effect at once: they count as announced when they were recorded. Going
back, an outcome whose letter was not sent yet takes effect as it did before.

Revision ID: 0033
Revises: 0032
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

ALL = (
    "'draft', 'submitted', 'checked', 'returned', 'refused', 'accepted', 'reviewing', 'reviewed',"
    " 'approved', 'reserved', 'declined', 'withdrawn'"
)
BEFORE = ALL.replace("'checked', ", "")
NUMBERED, NUMBERED_BEFORE = (codes.removeprefix("'draft', ") for codes in (ALL, BEFORE))
DUE_DATE = "outcome <> 'returned' OR due_on IS NOT NULL"
DUE_DATE_ANNOUNCED = "outcome <> 'returned' OR announced_at IS NULL OR due_on IS NOT NULL"
DUE_DAYS = "outcome <> 'returned' OR due_on IS NOT NULL OR due_days IS NOT NULL"
# Check constraints that change, by table and name: (what they say from now on, what they said).
SUBMITTED = "status NOT IN ({}) OR (number IS NOT NULL AND submitted_at IS NOT NULL)"
CHANGED = {
    "proposal": {
        "ck_proposal_status_known": (f"status IN ({ALL})", f"status IN ({BEFORE})"),
        "ck_proposal_submitted_evidence": (
            SUBMITTED.format(NUMBERED),
            SUBMITTED.format(NUMBERED_BEFORE),
        ),
    },
    "formality_check": {"ck_formality_check_due_date_given": (DUE_DATE_ANNOUNCED, DUE_DATE)},
}
ONE_END = "announced_at IS NULL OR recalled_at IS NULL"
ANNOUNCED = "UPDATE formality_check SET announced_at = checked_at"
# Going back: the outcome of the newest check of each proposal that waits for its letter.
TAKE_EFFECT = """
UPDATE proposal SET
    status = (
        SELECT CASE outcome WHEN 'passed' THEN 'accepted' WHEN 'returned' THEN 'returned'
            ELSE 'refused' END
        FROM formality_check WHERE formality_check.proposal_id = proposal.id
        ORDER BY formality_check.id DESC LIMIT 1
    ),
    closed_at = CASE WHEN 'refused' = (
        SELECT outcome FROM formality_check WHERE formality_check.proposal_id = proposal.id
        ORDER BY formality_check.id DESC LIMIT 1
    ) THEN saved_at ELSE closed_at END
WHERE status = 'checked'
"""
UNDATED = """
UPDATE formality_check SET due_on = {day} WHERE outcome = 'returned' AND due_on IS NULL
"""
RECALLED = "DELETE FROM formality_check WHERE recalled_at IS NOT NULL"


def _is_sqlite() -> bool:
    return op.get_context().dialect.name == "sqlite"


def _rewrite_checks(*, forwards: bool) -> None:
    """Change what check constraints say.

    Many tables hang on proposals, so SQLite must not build it anew, and it has no statement for a
    constraint: the text of its schema is written, as its manual describes.
    """
    for table, checks in CHANGED.items():
        pairs = {name: pair if forwards else pair[::-1] for name, pair in checks.items()}
        if _is_sqlite():
            _rewrite_schema(table, pairs)
            continue
        for name, (after, _) in pairs.items():
            op.drop_constraint(op.f(name), table, type_="check")
            op.create_check_constraint(op.f(name), table, after)


def _rewrite_schema(table: str, pairs: dict[str, tuple[str, str]]) -> None:
    connection = op.get_bind()
    at = sa.text("SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = :name")
    sql = connection.execute(at, {"name": table}).scalar_one()
    for name, (after, before) in pairs.items():
        if sql.count(f"CHECK ({before})") != 1:
            raise RuntimeError(f"{name} is not as it was made")
        sql = sql.replace(f"CHECK ({before})", f"CHECK ({after})")
    version = connection.execute(sa.text("PRAGMA schema_version")).scalar_one()
    connection.execute(sa.text("PRAGMA writable_schema = ON"))
    change = sa.text("UPDATE sqlite_schema SET sql = :sql WHERE type = 'table' AND name = :name")
    connection.execute(change, {"sql": sql, "name": table})
    connection.execute(sa.text(f"PRAGMA schema_version = {version + 1}"))
    connection.execute(sa.text("PRAGMA writable_schema = OFF"))


def _add(table: str, column: str, constraint: str = "") -> None:
    # A constraint that comes with its column goes with it, on both databases.
    op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {constraint}".rstrip())


def upgrade() -> None:
    moment = "TIMESTAMP WITH TIME ZONE" if not _is_sqlite() else "DATETIME"
    check = "CONSTRAINT ck_formality_check_{} CHECK ({})"
    _add("formality_check", f"announced_at {moment}")
    _rewrite_checks(forwards=True)
    _add("formality_check", "due_days INTEGER", check.format("due_days_given", DUE_DAYS))
    reference = "CONSTRAINT fk_formality_check_letter_id REFERENCES letter (id)"
    _add("formality_check", "letter_id INTEGER", reference)
    _add(
        "formality_check",
        f"recalled_at {moment}",
        check.format("announced_or_recalled", ONE_END),
    )
    op.create_index(op.f("ix_formality_check_letter_id"), "formality_check", ["letter_id"])
    op.execute(ANNOUNCED)
    _add("joint_confirmation", f"reminded_at {moment}")


def downgrade() -> None:
    op.execute("ALTER TABLE joint_confirmation DROP COLUMN reminded_at")
    op.execute(RECALLED)
    # Nobody has counted the days of such a return yet: a week from its check.
    week = "date(checked_at, '+7 days')" if _is_sqlite() else "CAST(checked_at AS date) + 7"
    op.execute(UNDATED.format(day=week))
    op.execute(TAKE_EFFECT)
    op.drop_index(op.f("ix_formality_check_letter_id"), table_name="formality_check")
    for column in ("recalled_at", "letter_id", "due_days"):
        op.execute(f"ALTER TABLE formality_check DROP COLUMN {column}")
    _rewrite_checks(forwards=False)
    op.execute("ALTER TABLE formality_check DROP COLUMN announced_at")
