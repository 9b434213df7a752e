"""The columns of the list of units."""

from __future__ import annotations

from lab.identity.units.queries import UnitRow
from lab.web.columns import Column

DEEPEST = 4  # indented further, a unit is no easier to place


def _indented(unit: UnitRow) -> str:
    return f"unit-depth-{min(unit.depth, DEEPEST)}"


UNITS = (
    Column("name", "单位", row_header=True, css=_indented),
    Column("side", "所属方"),
    Column("people", "在用账号", "number", unit="个"),
    Column("state", "状态"),
    Column("actions", "办理", "actions", head_css="text-end"),
)
