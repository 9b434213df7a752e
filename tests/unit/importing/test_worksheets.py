"""What a clerk may write in the cells of a workbook, and what is said about the rest."""

from __future__ import annotations

import pytest

from lab.files.rules.sheet import CellNote, Place, Sheet, plain_sheet
from lab.importing.rules.names import name_index
from lab.importing.rules.worksheets import (
    HINT_MARK,
    MAX_ROWS,
    RESULT_HEADING,
    heading,
    read_table,
    table_of,
)

LABELS = {"title": "项目名称", "place": "实施地点", "budget": "预算"}
NEEDED = ("title", "place")


def test_a_name_is_unique_or_the_message_says_why() -> None:
    spelt = [("1", ("zhang", "张三", "张三（甲）")), ("2", ("zhang2", "张三"))]
    people = name_index("人员", spelt, "请写登录名。")
    assert people.find(" ZHANG ") == ("1", "")
    assert people.find("张三(甲)") == ("1", "")
    assert people.find("张三")[1] == "“张三”对应2个人员，请写登录名。"
    assert people.find("李四")[1] == "没有找到人员“李四”，请写登录名。"


def test_columns_are_found_by_their_headings_in_any_order() -> None:
    table = read_table(plain_sheet([["实施地点 *", "项目名称＊"], ["东城", "甲"]]), LABELS, NEEDED)
    assert table.problems == ()
    assert table.fields == ("place", "title")
    assert table.rows == ((2, ("东城", "甲")),)
    assert table.missing_labels == ("预算",)
    assert heading(" 项目名称* ") == "项目名称"


@pytest.mark.parametrize(
    ("head", "sentences"),
    [
        (["项目名称", "实施地点", "备注"], ("不认识的列：“备注”。",)),
        (["项目名称"], ("缺少列：实施地点。",)),
        (["项目名称", "实施地点", "项目名称"], ("重复的列：项目名称。",)),
        (["项目名称", "", "实施地点"], ("没有标题的列：第2列。",)),
    ],
)
def test_columns_that_do_not_fit_are_named(head: list[str], sentences: tuple[str, ...]) -> None:
    assert read_table(plain_sheet([head, ["x"] * len(head)]), LABELS, NEEDED).problems == sentences


def test_rows_keep_their_numbers_and_skip_blank_ones() -> None:
    lines = [["项目名称", "实施地点"], [f"{HINT_MARK}写名称", ""], ["", " "], ["甲", "乙"], []]
    assert read_table(plain_sheet(lines), LABELS, NEEDED).rows == ((4, ("甲", "乙")),)


def test_the_result_column_is_ignored_on_re_import() -> None:
    lines = [["项目名称", RESULT_HEADING, "实施地点"], ["甲", "项目名称：太长", "乙"]]
    table = read_table(plain_sheet(lines), LABELS, NEEDED)
    assert (table.problems, table.rows) == ((), ((2, ("甲", "乙")),))


def test_an_empty_sheet_and_one_that_is_too_long_are_refused() -> None:
    head = ["项目名称", "实施地点"]
    assert "表中没有内容" in read_table(plain_sheet([head]), LABELS, NEEDED).problems[0]
    assert "缺少列" in read_table(plain_sheet([]), LABELS, NEEDED).problems[0]
    long = read_table(plain_sheet([head, *[["甲", "乙"]] * (MAX_ROWS + 1)]), LABELS, NEEDED)
    assert long.problems == (f"最多{MAX_ROWS}行，现有{MAX_ROWS + 1}行，请分开导入。",)


def test_notes_go_to_the_fields_of_the_rows_below_the_headings() -> None:
    rows = (("项目名称", "备注", "实施地点"), ("甲", "", ""), ("乙", "", "东城"))
    notes = (
        CellNote(1, 1, "标题", False),
        CellNote(2, 3, "读不到", True),
        CellNote(3, 2, "没有这一列", False),
    )
    sheet = Sheet(rows, notes=notes, hidden=frozenset({3}))
    table = table_of(sheet, {1: "title", 2: "", 3: "place"})
    assert [(note.row, note.field, note.error) for note in table.notes] == [(2, "place", True)]
    assert table.hidden == {3}
    assert [number for number, _ in table.without_hidden().rows] == [2]


def test_a_row_of_unreadable_cells_alone_is_still_a_row() -> None:
    sheet = Sheet((("项目名称",), ("",)), notes=(CellNote(2, 1, "读不到", True),))
    assert [number for number, _ in table_of(sheet, {1: "title"}).rows] == [2]


@pytest.mark.parametrize("last", [None, 2])
def test_notes_of_rows_that_are_not_taken_are_left_out(last: int | None) -> None:
    """A blank row about which something is only worth knowing, and one below the last."""
    rows = (("项目名称",), ("甲",), ("",), ("乙",))
    notes = tuple(CellNote(number, 1, "留意", False) for number in (2, 3, 4))
    table = table_of(Sheet(rows, notes=notes), {1: "title"}, last=last)
    taken = [2] if last else [2, 4]
    assert [number for number, _ in table.rows] == taken
    assert [note.row for note in table.notes] == taken


def test_number_fields_take_the_number_without_its_dress() -> None:
    rows = (("预算", "实施地点"), ("¥1,200", "1,200"))
    sheet = Sheet(rows, numbers={Place(2, 1): "1200", Place(2, 2): "1200"})
    table = table_of(sheet, {1: "budget", 2: "place"}, numeric=("budget",))
    assert table.rows == ((2, ("1200", "1,200")),)


def test_headings_may_stand_below_a_title() -> None:
    rows = (("汇总表",), ("名称",), ("甲",))
    assert table_of(plain_sheet(rows), {1: "title"}, head=2).rows == ((3, ("甲",)),)
