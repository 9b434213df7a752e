"""The columns of the tables in the content of a proposal."""

from __future__ import annotations

from lab.proposals.rules.form.schema import ROW_HEADINGS
from lab.web.columns import Column
from lab.web.filters import yuan_exact

_MILESTONES, _TARGETS = ROW_HEADINGS["milestones"], ROW_HEADINGS["targets"]
_BUDGET = ROW_HEADINGS["budget"]

MILESTONES = (
    Column("name", _MILESTONES["name"], row_header=True),
    Column("due_on", _MILESTONES["due_on"], "date"),
)
TARGETS = (
    Column("name", _TARGETS["indicator"], row_header=True),
    Column("unit", "单位", css="text-nowrap"),
    Column("base", _TARGETS["base"], "number"),
    Column("target", _TARGETS["target"], "number"),
    Column("due_on", _TARGETS["due_on"], "date"),
)
BUDGET = (
    Column("item", _BUDGET["item"], row_header=True),
    Column(
        "amount_fen",
        _BUDGET["amount_fen"],
        "figure",
        value=lambda row: yuan_exact(row.amount_fen),
    ),
    Column("note", _BUDGET["note"]),
)
COLUMNS = {"milestones": MILESTONES, "targets": TARGETS, "budget": BUDGET}
