"""Rows of people, milestones and figures inside one cell of a sheet of proposals."""

from __future__ import annotations

import pytest

from lab.proposals.rules.bulk_import.parsing import join_parts, split_parts, split_rows


@pytest.mark.parametrize(
    ("cell", "rows"),
    [
        ("完成系统对接|2022-09-30", [["完成系统对接", "2022-09-30"]]),
        ("甲｜乙", [["甲", "乙"]]),
        (" 甲 | 乙 \n\n丙|丁\n", [["甲", "乙"], ["丙", "丁"]]),
        ("甲\r\n乙", [["甲"], ["乙"]]),
        ("开户||20|", [["开户", "", "20", ""]]),
        (r"甲\|乙|丙", [["甲|乙", "丙"]]),
        (r"a\b|c", [[r"a\b", "c"]]),
        ("", []),
    ],
)
def test_a_cell_with_rows_is_read_line_by_line(cell: str, rows: list[list[str]]) -> None:
    assert split_rows(cell) == rows


@pytest.mark.parametrize(
    "parts", [["a|b", "c｜d"], ["\\", "x"], ["\\\\|", ""], ["a\\b", "\\|"], ["", "x"], ["甲"]]
)
def test_what_is_written_is_read_again(parts: list[str]) -> None:
    read = split_parts(join_parts(parts))
    assert [*read, *[""] * (len(parts) - len(read))] == parts
