"""The formality check in words: the list, what an outcome needs, what a return opens, hints."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from lab.calls.rules import check_items
from lab.calls.rules.check_items import DEFAULT, Item
from lab.proposals.rules import corrections
from lab.proposals.rules.form.schema import BY_SLUG, STEPS
from lab.proposals.rules.screening.check_facts import SubmissionFacts, check_hints
from lab.proposals.rules.screening.checklist import (
    FAIL,
    OK,
    Mark,
    Ruling,
    complete_marks,
    find_problem,
)

DAY = date(2022, 7, 1)  # a Friday
ALL_OK = tuple(Mark(item.code, OK) for item in DEFAULT)


# -- the list ----------------------------------------------------------------------------------


def test_a_list_survives_storing() -> None:
    items = (Item("item1", "签章“齐全”", "看末页\n看附件"), *DEFAULT)
    assert check_items.from_plain(check_items.to_plain(items)) == items


@pytest.mark.parametrize(
    ("labels", "row", "words"),
    [
        ((), None, "至少要有一项"),
        (tuple(f"第{n}项" for n in range(21)), None, "最多20项，现有21项"),
        (("主体", "附件", "主体"), 2, "与第1项相同"),
    ],
)
def test_an_unsound_list_is_refused_with_its_row(
    labels: tuple[str, ...], row: int | None, words: str
) -> None:
    found = check_items.find_problem([Item(f"item{n}", label) for n, label in enumerate(labels)])
    assert found is not None
    assert (found.row, words in found.message) == (row, True)


def test_the_default_and_twenty_items_are_sound() -> None:
    assert check_items.find_problem(DEFAULT) is None
    assert check_items.find_problem([Item(f"item{n}", f"第{n}项") for n in range(20)]) is None


def test_a_new_item_gets_a_code_that_no_other_has() -> None:
    assert check_items.next_code({"item1", "item3", "eligible"}) == "item2"


# -- outcomes ----------------------------------------------------------------------------------


def ruled(**changes: Any) -> Ruling:
    facts = {"outcome": "returned", "reason": "缺页", "due_days": 5, "reopened": ("files",)}
    return Ruling(**{**facts, **changes})


@pytest.mark.parametrize(
    ("ruling", "field"),
    [
        (ruled(), None),
        (ruled(due_days=20), None),
        (ruled(reason=""), "reason"),
        (ruled(due_days=None), "due_days"),
        (ruled(due_days=0), "due_days"),
        (ruled(due_days=21), "due_days"),
        (ruled(reopened=()), "reopened"),
        (ruled(outcome="refused", due_days=None, reopened=()), None),
        (ruled(outcome="refused", reason=""), "reason"),
        (ruled(outcome="passed", reason="", due_days=None, reopened=()), None),
        (ruled(outcome=""), "outcome"),
    ],
)
def test_each_outcome_asks_for_what_goes_with_it(ruling: Ruling, field: str | None) -> None:
    found = find_problem(ALL_OK, ruling)
    assert (found and found.field) == field


def test_passing_needs_every_item_of_the_call() -> None:
    items = (*DEFAULT, Item("item1", "已公示五个工作日"))
    found = find_problem(complete_marks(items, ALL_OK), ruled(outcome="passed"))
    assert found is not None
    assert found.field == "item1"
    assert found.message == "“已公示五个工作日”为未查，全部合格才能通过形式审查。"


def test_a_failed_item_needs_a_note_that_says_what_is_wrong() -> None:
    silent = complete_marks(DEFAULT, [Mark("files"), Mark("opinion", FAIL)])
    found = find_problem(silent, ruled())
    assert found is not None and found.field == "opinion_note"
    told = complete_marks(DEFAULT, [Mark("opinion", FAIL, "没有盖章")])
    assert find_problem(told, ruled()) is None


def test_a_mark_keeps_the_text_of_its_item() -> None:
    kept = complete_marks([Item("evidence", "附件不少于两个")], [Mark("evidence", OK)])
    assert [mark.label_text for mark in kept] == ["附件不少于两个"]
    assert Mark("evidence", OK).label_text == "附件齐全，能证明所述内容"


# -- what a return opens -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ticked", "opened"),
    [
        (("unit_opinion", "title"), ("title", "unit_opinion")),
        (("step-background", "plan"), ("background", "mode", "innovation", "plan")),
        (("smart_contract_text",), ("smart_contract", "smart_contract_text")),
        (("unknown", "step-unknown"), ()),
        (tuple(f"step-{step.slug}" for step in STEPS), tuple(corrections.STEP_OF)),
    ],
)
def test_steps_and_fields_become_fields_in_the_order_of_the_form(
    ticked: tuple[str, ...], opened: tuple[str, ...]
) -> None:
    assert corrections.expand_ticked(ticked) == opened


def test_what_is_open_is_said_by_step() -> None:
    opened = corrections.expand_ticked(("step-background", "files", "title"))
    assert [part.text for part in corrections.parts_of(opened)] == [
        "基本信息：项目名称",
        "背景与模式（整个步骤）",
        "附件与提交：附件",
    ]


def test_any_value_for_a_read_only_field_is_detected() -> None:
    step, opened = BY_SLUG["targets"], {"milestones"}
    sent = ("csrf_token", "milestones-0-name", "targets-rows", "targets-0-target", "budget-rows")
    assert corrections.read_only_fields_in_request(sent, step, opened) == ("targets", "budget")
    assert "“预期指标”、“预算”没有退回" in corrections.rejection_message(("targets", "budget"))


@pytest.mark.parametrize(
    ("here", "opened", "there"),
    [
        ("basics", corrections.ALL_FIELDS, "background"),
        ("basics", {"title", "files"}, "files"),
        ("basics", {"title"}, None),
        ("files", corrections.ALL_FIELDS, None),
    ],
)
def test_the_form_goes_on_to_the_next_step_that_is_open(
    here: str, opened: set[str], there: str | None
) -> None:
    found = corrections.next_editable_step(BY_SLUG[here], opened)
    assert (found and found.slug) == there


@pytest.mark.parametrize(
    ("due_on", "day", "late"),
    [
        (DAY, date(2022, 6, 30), 0),
        (DAY, DAY, 0),
        (DAY, date(2022, 7, 2), 1),
        (DAY, date(2022, 8, 1), 31),
        (None, DAY, 0),
    ],
)
def test_lateness_is_counted_in_whole_days_after_the_due_day(
    due_on: date | None, day: date, late: int
) -> None:
    assert corrections.days_late(due_on, day) == late


@pytest.mark.parametrize(
    ("version", "late_days", "rank"),
    [
        (1, 0, corrections.FIRST_SUBMISSION),
        (2, 0, corrections.CORRECTION),
        (5, 0, corrections.CORRECTION),
        (2, 1, corrections.LATE_CORRECTION),
        (3, 40, corrections.LATE_CORRECTION),
    ],
)
def test_late_corrections_are_checked_first(version: int, late_days: int, rank: int) -> None:
    assert corrections.queue_rank(version, late_days) == rank
    assert corrections.LATE_CORRECTION < corrections.CORRECTION < corrections.FIRST_SUBMISSION


# -- hints -------------------------------------------------------------------------------------


def hints(**changes: Any) -> dict[str, str]:
    known: dict[str, Any] = {
        "first_submitted_at": datetime(2022, 7, 1, 8, 59, tzinfo=UTC),
        "closes_at": datetime(2022, 7, 1, 9, tzinfo=UTC),
        "until": datetime(2022, 7, 1, 9, tzinfo=UTC),
        "due_on": None,
        "late_days": 0,
        "attachments": 2,
        "opinion": "同意申报。",
        "same_title": (),
    }
    found = check_hints(SubmissionFacts(**{**known, **changes}))
    return {f"{fact.code}{'!' if fact.warns else ''}": fact.message for fact in found}


def test_the_portal_says_what_it_knows_and_where_to_look_twice() -> None:
    plain = hints()
    assert not [code for code in plain if code.endswith("!")]
    assert plain["evidence"] == "附件2个。" and "截止前" in plain["in_time"]
    odd = hints(
        first_submitted_at=datetime(2022, 7, 1, 9, tzinfo=UTC),
        attachments=0,
        opinion="",
        same_title=("SB-2022-01-002",),
    )
    assert odd["evidence!"] == "没有附件。" and "没有填写" in odd["opinion!"]
    assert "晚于批次截止时间" in odd["in_time!"] and "SB-2022-01-002" in odd["unique!"]
    late = hints(due_on=DAY, late_days=3)
    assert late["in_time!"] == "逾期补正3天，补正期限为2022年7月1日。"
