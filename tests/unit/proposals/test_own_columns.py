"""Cells of the office's own tables become what the forms take."""

from __future__ import annotations

import pytest

from lab.importing.rules.worksheets import ParsedTable, TableNote
from lab.proposals.rules.bulk_import.own_columns import adapted


@pytest.mark.parametrize(
    ("field", "text", "factor", "wanted"),
    [
        ("budget_total", "12", 10_000, ("budget", "预算合计|120000")),
        ("budget_total", "120000.5", 1, ("budget", "预算合计|120000.5")),
        ("budget_total", "", 10_000, ("budget", "")),
        ("budget", "物料|8000", 1, ("budget", "物料|8000")),
        ("people", "张三、李四", 1, ("people", "张三\n李四")),
        ("people", "张三，李四; 王五", 1, ("people", "张三\n李四\n王五")),
        ("people", "张三|推广\n李四|对接", 1, ("people", "张三|推广\n李四|对接")),
        ("title", "一、二", 1, ("title", "一、二")),
    ],
)
def test_a_cell_takes_the_shape_of_its_field(
    field: str, text: str, factor: int, wanted: tuple[str, str]
) -> None:
    table = adapted(ParsedTable((field,), ((5, (text,)),)), {field: factor})
    assert (table.fields[0], table.rows[0][1][0]) == wanted


def test_what_was_said_of_the_sum_is_said_of_the_budget() -> None:
    notes = (TableNote(5, "budget_total", "读不到", True),)
    table = adapted(ParsedTable(("budget_total",), ((5, ("",)),), notes=notes), {})
    assert table.notes == (TableNote(5, "budget", "读不到", True),)
