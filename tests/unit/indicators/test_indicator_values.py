"""The dictionary, and what the portal objects to in a single figure."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lab.catalogue.indicators import ENTERED, INDICATORS, indicator
from lab.indicators.rules.validation import Finding, check_cumulative, check_jump, check_value


def found(findings: list[Finding]) -> list[tuple[str, str, str]]:
    return [(item.level, item.code, item.indicator) for item in findings]


def test_the_dictionary_is_complete_and_consistent() -> None:
    assert list(INDICATORS) == [f"K{number:02d}" for number in range(1, 24)]
    assert [code for code in INDICATORS if code not in ENTERED] == ["K11"]
    kinds = {
        kind: "".join(c[1:] for c, i in INDICATORS.items() if i.kind == kind) for kind in "CSR"
    }
    assert kinds == {"C": "01020414161819" + "2021", "S": "06071217", "R": "1113"}
    additive = [code for code, item in INDICATORS.items() if item.additive]
    assert additive == ["K09", "K10", "K22", "K23"]
    assert {item.decimals for item in INDICATORS.values() if item.unit.startswith("元")} == {2}
    assert (
        indicator("K01").jump_factor,
        indicator("K09").jump_factor,
        indicator("K12").jump_factor,
    ) == (3, 5, None)


@pytest.mark.parametrize(
    ("code", "value", "expected"),
    [
        ("K01", "0", []),
        ("K01", "-1", ["range"]),
        ("K01", "1.5", ["decimals"]),
        ("K01", "2.00", []),
        ("K10", "0.01", []),
        ("K10", "0.001", ["decimals"]),
        ("K13", "0", []),
        ("K13", "100", []),
        ("K13", "100.01", ["range"]),
    ],
)
def test_figures_are_whole_and_rates_within_a_hundred(
    code: str, value: str, expected: list[str]
) -> None:
    assert [item.code for item in check_value(code, Decimal(value))] == expected


@pytest.mark.parametrize(
    ("code", "value", "previous", "following", "correction", "levels"),
    [
        ("K01", "200", "200", None, False, []),
        ("K01", "199", "200", None, False, ["block"]),
        ("K01", "199", "200", None, True, ["confirm"]),
        ("K01", "0", None, None, False, []),
        ("K01", "300", "200", "300", False, []),
        ("K01", "301", "200", "300", False, ["block"]),
        ("K06", "1", "200", "0", False, []),
        ("K09", "1", "200", None, False, []),
        ("K17", "1", "4", None, False, []),
    ],
)
def test_a_cumulative_figure_never_falls_without_a_correction(
    code: str,
    value: str,
    previous: str | None,
    following: str | None,
    correction: bool,
    levels: list[str],
) -> None:
    before, after = (None if text is None else Decimal(text) for text in (previous, following))
    findings = check_cumulative(code, Decimal(value), before, after, correction)
    assert [item.level for item in findings] == levels


def test_the_message_about_a_fall_names_both_figures() -> None:
    [finding] = check_cumulative("K01", Decimal(150), Decimal(200))
    assert finding.message == (
        "开立个人钱包数是累计数，本期150个小于上期200个；如确有错误，请按更正填报并说明原因。"
    )


@pytest.mark.parametrize(
    ("code", "value", "previous", "asked"),
    [
        ("K01", "300", "100", False),
        ("K01", "301", "100", True),
        ("K10", "500", "100", False),
        ("K10", "500.01", "100", True),
        ("K12", "99999", "1", False),
        ("K13", "99", "1", False),
        ("K01", "19146", "0", True),
        ("K01", "0", "0", False),
        ("K09", "1", "0", True),
        ("K06", "1", "0", False),
        ("K01", "19146", None, False),
    ],
)
def test_a_jump_asks_for_a_note(code: str, value: str, previous: str | None, asked: bool) -> None:
    before = None if previous is None else Decimal(previous)
    expected = [("confirm", "jump", code)] if asked else []
    assert found(check_jump(code, Decimal(value), before)) == expected


def test_the_message_about_a_jump_names_both_figures() -> None:
    [finding] = check_jump("K10", Decimal("60000"), Decimal("9999.5"))
    assert finding.message == "交易金额本期6.00万元，超过上期9,999.50元的5倍，请核对并说明。"
