"""Columns of JSON have the bytes that they always had, whichever version wrote them."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Column

from lab.db import JsonText
from lab.factory import metadata

HALF = "\ud83d"  # what a text column refuses, and a browser may send
LEFTOVERS = ({"b": "一", "a": HALF}, '{"a": "\\ud83d", "b": "\\u4e00"}')

# column -> a value, the text that stands for it in every database there is, and the text that a
# new row has ("-" where somebody always gives one)
WRITTEN: dict[str, tuple[Any, str, str]] = {
    "job.arguments": ({"what": "信", "n": 1}, '{"what": "信", "n": 1}', "{}"),
    "editor_tab.typed": ([["甲", HALF]], '[["\\u7532", "\\ud83d"]]', ""),
    "entry_period.leftovers": (*LEFTOVERS, "{}"),
    "progress_report.leftovers": (*LEFTOVERS, "{}"),
    "score_sheet.leftovers": (*LEFTOVERS, "{}"),
    "proposal.leftovers": (*LEFTOVERS, "{}"),
    "proposal.step_versions": ({"risks": 2, "basics": 1}, '{"basics": 1, "risks": 2}', "{}"),
}


def json_columns() -> dict[str, Column[Any]]:
    columns = (column for table in metadata().sorted_tables for column in table.columns)
    return {str(column): column for column in columns if isinstance(column.type, JsonText)}


def test_every_json_column_has_its_bytes_written_down() -> None:
    assert json_columns().keys() == WRITTEN.keys()


@pytest.mark.parametrize("name", WRITTEN)
def test_a_value_has_the_bytes_it_always_had(name: str) -> None:
    column, (value, text, _) = json_columns()[name], WRITTEN[name]
    assert column.type.process_bind_param(value, None) == text
    assert column.type.process_result_value(text, None) == value


@pytest.mark.parametrize("name", WRITTEN)
def test_a_new_row_begins_with_the_same_text(name: str) -> None:
    column, (*_, text) = json_columns()[name], WRITTEN[name]
    if text == "-":
        assert column.default is None
        return
    value = column.default.arg(None)  # type: ignore[union-attr]
    assert column.type.process_bind_param(value, None) == text
    assert column.type.process_result_value(text, None) == value


def test_no_value_is_null_and_never_the_word() -> None:
    assert JsonText().process_bind_param(None, None) is None
    assert JsonText().process_result_value(None, None) is None
    assert JsonText().process_bind_param("", None) == '""'
