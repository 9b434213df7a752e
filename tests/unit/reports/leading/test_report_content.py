"""A snapshot keeps a report exactly, and its hash changes with every figure."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest

from lab.canonical import canonical_json
from lab.reports.content.leading import (
    DecisionRequest,
    LeadingReport,
    Trend,
    TrendLine,
    data_hash,
    from_plain,
    to_plain,
)
from tests.support.documents.report_cases import demo_report, empty_report, facts_report


@pytest.mark.parametrize("report", [facts_report(), demo_report(), empty_report()])
def test_a_stored_snapshot_gives_back_the_same_report(report: LeadingReport) -> None:
    stored = canonical_json(to_plain(report))
    restored = from_plain(json.loads(stored))
    assert restored == report
    assert canonical_json(to_plain(restored)) == stored


def test_figures_come_back_as_exact_decimals() -> None:
    restored = from_plain(to_plain(demo_report()))
    money = next(row for row in restored.indicators if row.code == "K10")
    assert money.actual == Decimal("3865210.55")
    assert restored.trend is not None
    assert restored.trend.lines[1].values[0] is None


def test_every_changed_figure_changes_the_data_hash() -> None:
    plain = to_plain(demo_report())
    changed = deepcopy(plain)
    changed["indicators"][0]["actual"] = "19147"
    assert data_hash(changed) != data_hash(plain)


def test_the_hash_does_not_depend_on_itself_or_on_the_audit_head() -> None:
    report = demo_report()
    bare = to_plain(replace(report, data_hash=None, audit_head=None))
    assert data_hash(bare) == report.data_hash
    assert len(report.data_hash or "") == 64


@pytest.mark.parametrize(
    ("field", "value"),
    [("approved", "12"), ("approved", True), ("received", 1.5), ("call_title", None)],
)
def test_a_snapshot_with_a_value_of_the_wrong_type_is_refused(field: str, value: object) -> None:
    plain = to_plain(facts_report())
    plain["batches"][0][field] = value
    with pytest.raises(ValueError, match="is not"):
        from_plain(plain)


def test_a_snapshot_with_a_missing_or_unknown_field_is_refused() -> None:
    plain = to_plain(facts_report())
    del plain["title"]
    with pytest.raises(ValueError, match="title"):
        from_plain(plain)
    with pytest.raises(ValueError, match="colour"):
        from_plain({**to_plain(facts_report()), "colour": "red"})


def test_a_snapshot_of_another_form_is_refused() -> None:
    with pytest.raises(ValueError, match="leading-3"):
        from_plain({**to_plain(facts_report()), "schema": "office-1"})


def test_demonstration_data_cannot_go_without_the_banner() -> None:
    with pytest.raises(ValueError, match="banner"):
        replace(demo_report(), has_demo=False)


def test_at_most_three_decisions_are_asked_for() -> None:
    one = DecisionRequest("事项", "理由", None, False)
    with pytest.raises(ValueError, match="at most 3"):
        replace(facts_report(), decisions=(one,) * 4)


def test_the_time_of_generation_needs_a_zone() -> None:
    with pytest.raises(ValueError, match="zone"):
        replace(facts_report(), generated_at=datetime(2023, 1, 4))


def test_a_trend_line_has_one_value_a_month() -> None:
    with pytest.raises(ValueError, match="one value a month"):
        Trend("走势", "个", ("2022-07", "2022-08"), (TrendLine("个人钱包", (None,)),), False)
