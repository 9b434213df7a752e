"""Columns of JSON have the bytes that they always had, whichever version wrote them."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Column

from lab.canonical import JsonString
from lab.db import FrozenJson, JsonText
from lab.factory import metadata

HALF = "\ud83d"  # what a text column refuses, and a browser may send
LEFTOVERS = ({"b": "一", "a": HALF}, '{"a": "\\ud83d", "b": "\\u4e00"}')

DEFAULT_ITEMS = (
    '[{"code":"eligible","hint":"","label":"申报主体符合征集范围"},'
    '{"code":"complete","hint":"","label":"表格填写完整，内容前后一致"},'
    '{"code":"evidence","hint":"","label":"附件齐全，能证明所述内容"},'
    '{"code":"opinion","hint":"","label":"申报单位意见明确，签章齐全"},'
    '{"code":"ownership","hint":"","label":"无知识产权争议"},'
    '{"code":"in_time","hint":"","label":"在规定时间内提交"},'
    '{"code":"unique","hint":"","label":"与在办、已立项项目不重复"},'
    '{"code":"compliance","hint":"","label":'
    '"风险与合规分析覆盖反洗钱、个人信息、资金安全、消费者保护"}]'
)

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
    "proposal_import.cells": (
        {"columns": ["title"], "rows": [[3, ["名", HALF]]]},
        '{"columns": ["title"], "rows": [[3, ["\\u540d", "\\ud83d"]]]}',
        "",
    ),
    "proposal_import.result": (
        [{"row": 3, "errors": [["title", "太长"]]}],
        '[{"row": 3, "errors": [["title", "\\u592a\\u957f"]]}]',
        "[]",
    ),
    "proposal_import.reading": (
        {"hidden": [3], "remarks": ["隐藏"]},
        '{"hidden": [3], "remarks": ["\\u9690\\u85cf"]}',
        "",
    ),
    "proposal_import.plan": (
        {"sheet": "汇总", "head": 2, "columns": [[1, "title"]]},
        '{"sheet": "\\u6c47\\u603b", "head": 2, "columns": [[1, "title"]]}',
        "",
    ),
    "people_import.cells": (
        {"people": {"fields": ["name"], "rows": [[3, ["名", HALF]]]}},
        '{"people": {"fields": ["name"], "rows": [[3, ["\\u540d", "\\ud83d"]]]}}',
        "",
    ),
    "people_import.plan": ({"sheet": "甲", "head": 2}, '{"sheet": "\\u7532", "head": 2}', ""),
    "people_import.remarks": (["隐藏"], '["\\u9690\\u85cf"]', "[]"),
    "people_import.result": ([{"row": 3, "errors": []}], '[{"row": 3, "errors": []}]', "[]"),
    "import_upload.plan": (
        {"sheet": "汇总", "head": 2, "last": None},
        '{"sheet": "\\u6c47\\u603b", "head": 2, "last": null}',
        "",
    ),
    "import_upload.layout": (
        {"sheets": [{"name": "汇总", "height": 1, "rows": [["甲"]]}]},
        '{"sheets": [{"name": "\\u6c47\\u603b", "height": 1, "rows": [["\\u7532"]]}]}',
        "",
    ),
    "check_draft.content": ({"b": ["甲"], "a": []}, '{"b": ["\\u7532"], "a": []}', "-"),
    "formality_check.checklist": (
        [{"result": "ok", "code": "unique", "note": "无"}],
        '[{"code":"unique","note":"无","result":"ok"}]',
        "-",
    ),
    "formality_check.reopened": (["risks", "附件"], '["risks","附件"]', "[]"),
    "call.check_items": (
        [{"label": "甲", "code": "item1", "hint": ""}],
        '[{"code":"item1","hint":"","label":"甲"}]',
        DEFAULT_ITEMS,
    ),
    "criterion.rubric": (
        [{"label": "优", "lo": None, "hi": "10", "text": "甲"}],
        '[{"hi":"10","label":"优","lo":null,"text":"甲"}]',
        "[]",
    ),
    "call_revision.files": (["一.pdf", "二.pdf"], '["一.pdf","二.pdf"]', "[]"),
}


# columns of which the text itself is hashed, handed out or compared
FROZEN = {
    *("audit_event.detail", "call.rules_frozen", "joint_confirmation.content"),
    *("paper.snapshot", "proposal_draft_snapshot.content", "proposal_version.content"),
    *("proposal_version.private", "ranking_result.content", "release_request.after"),
    *("release_request.before", "report.snapshot", "sheet_history.content"),
}


def columns_of(kind: type[Any]) -> dict[str, Column[Any]]:
    columns = (column for table in metadata().sorted_tables for column in table.columns)
    return {str(column): column for column in columns if isinstance(column.type, kind)}


def json_columns() -> dict[str, Column[Any]]:
    return columns_of(JsonText)


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


def test_a_text_is_refused_rather_than_quoted_again() -> None:
    with pytest.raises(TypeError):
        JsonText().process_bind_param("[]", None)


def test_a_frozen_text_is_given_back_byte_for_byte() -> None:
    text = '{"b": 1,  "a": "\\u4e00一"}'
    kind = FrozenJson()
    assert columns_of(FrozenJson).keys() == FROZEN
    assert kind.process_bind_param(JsonString(text), None) == text
    stored = kind.process_result_value(text, None)
    assert stored == text and stored.parsed() == {"a": "一一", "b": 1}
    assert (kind.process_bind_param(None, None), kind.process_result_value(None, None)) == (
        None,
        None,
    )
