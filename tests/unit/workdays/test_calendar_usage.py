"""Whoever counts working days asks the office's calendar."""

from __future__ import annotations

import ast
from pathlib import Path

from lab.filesystem import ROOT

LAB = ROOT / "lab"
# What counts, and how many arguments come before the calendar.
COUNTING = {
    "is_working_day": 1,
    "add_working_days": 2,
    "count_working_days": 2,
    "is_provisional": 2,
    "notice_end": 1,
    "last_day": 1,
    "expiry_problem": 2,
}
# They name days that hold without the table.
OWN = ("lab/workdays/pages/queries.py", "lab/clock.py")


def forgetful(path: Path) -> list[str]:
    """Calls in a module that count without a calendar."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = ast.unparse(node.func)
        short = name.rpartition(".")[2]
        before = 1 if name == "months.due_on" else COUNTING.get(short)
        given = [*node.args, *(word for word in node.keywords if word.arg == "calendar")]
        if before is not None and len(given) <= before and not name.startswith("workdays."):
            found.append(f"{path.relative_to(LAB.parent)}:{node.lineno} {name}")
    return found


def test_nobody_counts_working_days_without_the_table() -> None:
    modules = [p for p in LAB.rglob("*.py") if str(p.relative_to(LAB.parent)) not in OWN]
    assert [call for path in modules for call in forgetful(path)] == []
