"""a long page has several pictures; small pictures of long pages, and failed ones, are made again

The worker finds files without pictures and orders them. Before, one page that could not be drawn
took the pictures of all others with it.

Revision ID: 0034
Revises: 0033
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.sql.elements import conv

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

TABLE = "file_preview_page"
# As they stand in the database: the naming convention adds nothing to them.
UNIQUE, IN_ORDER = conv(f"uq_{TABLE}_preview_id_page"), conv(f"uq_{TABLE}_preview_id_page_piece")
PIECE_RANGE = conv(f"ck_{TABLE}_piece_range")
# From three times as long as wide on, a picture is shown in pieces.
AGAIN = """
SELECT id FROM file_preview WHERE status = 'failed' OR id IN (
    SELECT preview_id FROM file_preview_page
    WHERE (height >= 1599 AND width * 3 < 1600) OR (width >= 1599 AND height * 3 < 1600)
)
"""
IN_PIECES = "SELECT preview_id FROM file_preview_page WHERE piece > 1"


def _give_up(previews: str) -> None:
    ids = list(op.get_bind().scalars(sa.text(previews)))
    for start in range(0, len(ids), 500):
        some = {"ids": ids[start : start + 500]}
        for table, column in ((TABLE, "preview_id"), ("file_preview", "id")):
            statement = sa.text(f"DELETE FROM {table} WHERE {column} IN :ids")
            op.get_bind().execute(statement.bindparams(sa.bindparam("ids", expanding=True)), some)


def _table(*columns: sa.Column[int], unique: str, over: tuple[str, ...]) -> sa.Table:
    """The table with every rule, which SQLite copies whole."""
    return sa.Table(
        TABLE,
        sa.MetaData(),
        sa.Column("preview_id", sa.Integer(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        *columns,
        sa.Column("kind", sa.String(length=4), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("storage_name", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64)),
        sa.CheckConstraint("kind IN ('png', 'jpeg')", name=conv(f"ck_{TABLE}_kind_known")),
        sa.CheckConstraint(
            "page >= 1 AND width BETWEEN 1 AND 1600 AND height BETWEEN 1 AND 1600",
            name=conv(f"ck_{TABLE}_picture_range"),
        ),
        *([sa.CheckConstraint("piece >= 1", name=PIECE_RANGE)] if columns else []),
        sa.ForeignKeyConstraint(
            ["preview_id"],
            ["file_preview.id"],
            name=conv(f"fk_{TABLE}_preview_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=conv(f"pk_{TABLE}")),
        sa.UniqueConstraint(*over, name=unique),
        sa.UniqueConstraint("storage_name", name=conv(f"uq_{TABLE}_storage_name")),
    )


def _piece() -> sa.Column[int]:
    return sa.Column("piece", sa.Integer(), nullable=False, server_default="1")


def upgrade() -> None:
    _give_up(AGAIN)
    before = _table(unique=UNIQUE, over=("preview_id", "page"))
    with op.batch_alter_table(TABLE, copy_from=before) as table:
        table.add_column(_piece())
        table.drop_constraint(UNIQUE, type_="unique")
        table.create_unique_constraint(IN_ORDER, ["preview_id", "page", "piece"])
        table.create_check_constraint(PIECE_RANGE, "piece >= 1")


def downgrade() -> None:
    _give_up(IN_PIECES)
    after = _table(_piece(), unique=IN_ORDER, over=("preview_id", "page", "piece"))
    with op.batch_alter_table(TABLE, copy_from=after) as table:
        table.drop_constraint(IN_ORDER, type_="unique")
        table.drop_constraint(PIECE_RANGE, type_="check")
        table.create_unique_constraint(UNIQUE, ["preview_id", "page"])
        table.drop_column("piece")
