"""A column with a period fills the fields of both days."""

from __future__ import annotations

from lab.importing.rules.fields import PERIOD, ImportMode, TargetField
from lab.importing.rules.headings import suggest
from lab.importing.rules.periods import with_days
from lab.importing.rules.plan import plan_problems
from lab.importing.rules.worksheets import ParsedTable, TableNote

FIELDS = (
    TargetField("title", "项目名称"),
    TargetField("first", "开始日期"),
    TargetField("last", "结束日期"),
    TargetField("both", "实施起止（两个日期）", ("起止日期",), into=("first", "last"), kind=PERIOD),
)
FULL = ImportMode("full", "齐全", "都要有。", ("title", "first", "last"))


def table(*cells: str, notes: tuple[TableNote, ...] = ()) -> ParsedTable:
    rows = tuple((number, ("甲", cell, "乙")) for number, cell in enumerate(cells, start=3))
    return ParsedTable(("title", "both", "other"), rows, columns=(1, 4, 6), notes=notes)


def test_a_period_becomes_two_days_of_the_same_cell() -> None:
    read = with_days(table("2026年3月—2027年2月"), FIELDS)
    assert read.fields == ("title", "first", "last", "other")
    assert read.columns == (1, 4, 4, 6)
    assert read.rows == ((3, ("甲", "2026年3月1日", "2027年2月28日", "乙")),)
    assert read.originals == {(3, 4): "2026年3月—2027年2月"}
    (note,) = read.notes
    assert (note.row, note.field, note.error) == (3, "first", False)
    assert "读作2026年3月1日至2027年2月28日" in note.message


def test_what_is_no_period_stays_as_typed_with_one_reason() -> None:
    read = with_days(table("一年", "2026.3-2026.5", ""), FIELDS)
    assert [cells[1:3] for _, cells in read.rows] == [
        ("一年", ""),
        ("2026年3月1日", "2026年5月31日"),
        ("", ""),
    ]
    about = [(note.row, note.field, bool(note.message), note.error) for note in read.notes]
    assert about == [(3, "first", True, True), (3, "last", False, True), (4, "first", True, False)]


def test_a_cell_that_could_not_be_read_is_blamed_once() -> None:
    unread = TableNote(3, "both", "公式没有算过。", True)
    read = with_days(table("", notes=(unread,)), FIELDS)
    assert read.notes == (
        TableNote(3, "first", "公式没有算过。", True),
        TableNote(3, "last", "", True),
    )


def test_a_table_without_a_period_stays_what_it_is() -> None:
    plain = ParsedTable(("title", "first"), ((2, ("甲", "2026年3月1日")),), columns=(1, 2))
    assert with_days(plain, FIELDS) == plain


def test_a_period_stands_for_both_days_and_beside_neither() -> None:
    assert not plan_problems({1: "title", 2: "both"}, {}, FIELDS, FULL).any
    found = plan_problems({1: "title", 2: "last", 3: "both"}, {}, FIELDS, FULL)
    assert found.columns == {3: "“结束日期”已由B列对应，请改选其中一列。"}
    found = plan_problems({1: "title", 2: "both", 3: "first"}, {}, FIELDS, FULL)
    assert found.columns == {3: "“开始日期”已由B列对应，请改选其中一列。"}


def test_a_period_is_not_preselected_beside_a_single_day() -> None:
    found = suggest({1: "开始日期", 2: "结束日期", 3: "起止日期"}, FIELDS, {})
    chosen = sorted(found[column].field for column in found)
    assert chosen in (["", "first", "last"], ["", "", "both"])
