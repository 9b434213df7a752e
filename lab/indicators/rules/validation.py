"""Rules about wrong or odd figures, with messages that quote both figures.

Findings at level "block" must be fixed before submission, "confirm" needs a note, "note" is
information. None means not reported and is never read as zero: such a figure is not compared. All
figures are Decimal in the indicator's own unit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from lab.catalogue.indicators import INDICATORS
from lab.indicators.rules.amounts import format_measured
from lab.indicators.rules.findings import (
    Finding,
    Level,
    blocking_finding,
    format_in_unit,
    format_value,
)
from lab.indicators.rules.reporting_window import check_period

__all__ = [
    "Context",
    "Finding",
    "check_cumulative",
    "check_jump",
    "check_jump_after",
    "check_later_merchants",
    "check_merchants",
    "check_period",
    "check_relations",
    "check_report",
    "check_value",
    "check_zero",
]
FORECAST_CODES = ("K15",)  # figures that may be an expectation; they say which
Values = Mapping[str, Decimal | None]
# (smaller or equal, larger or equal): office rule for figures of one period
RELATIONS = (("K02", "K01"), ("K03", "K01"), ("K05", "K04"), ("K06", "K07"), ("K22", "K23"))
ZERO_PAIR = ("K09", "K10")  # number and amount of payments: both zero or neither


@dataclass(frozen=True)
class Context:
    """Figures that a report is compared with.

    `previous` and `following` hold the approved figures of the nearest periods on either side;
    `waiting` earlier ones that are not approved yet; `highest_live` the highest count of live
    merchants within the period; `signed` the merchants under contract; `corrections` the codes
    entered as 更正, `corrected_after` those whose following figure was.
    """

    previous: Values = field(default_factory=dict)
    following: Values = field(default_factory=dict)
    waiting: Values = field(default_factory=dict)
    highest_live: Decimal | None = None
    signed: Decimal | None = None
    corrections: frozenset[str] = frozenset()
    corrected_after: frozenset[str] = frozenset()


def check_report(values: Values, context: Context) -> list[Finding]:
    """Return every finding about the figures of one period. Raises KeyError for an unknown code."""
    findings: list[Finding] = []
    for code, value in values.items():
        if value is None:
            continue
        before, after = context.previous.get(code), context.following.get(code)
        findings += check_value(code, value)
        is_correction = (code in context.corrections, code in context.corrected_after)
        findings += check_cumulative(code, value, before, after, *is_correction)
        findings += check_jump(code, value, context.waiting.get(code, before))
        findings += check_jump_after(code, value, after, correction=code in context.corrections)
    findings += check_relations(values)
    findings += check_merchants(values, context.highest_live, context.signed)
    return [*findings, *check_zero(values)]


def check_value(code: str, value: Decimal) -> list[Finding]:
    """Require a non-negative figure within the indicator's decimals, and a rate within 0–100."""
    spec = INDICATORS[code]
    if value < 0:
        return [
            blocking_finding(
                "range", code, f"{spec.name}不能小于0，现填{format_in_unit(spec, value)}。"
            )
        ]
    if value != round(value, spec.decimals):
        rule = "须为整数" if spec.decimals == 0 else f"最多{spec.decimals}位小数"
        return [blocking_finding("decimals", code, f"{spec.name}{rule}，现填{value:f}。")]
    if spec.unit == "%" and value > 100:
        return [
            blocking_finding(
                "range", code, f"{spec.name}须在0至100之间，现填{format_in_unit(spec, value)}。"
            )
        ]
    return []


def check_cumulative(
    code: str,
    value: Decimal,
    previous: Decimal | None,
    following: Decimal | None = None,
    correction: bool = False,
    corrected_after: bool = False,
) -> list[Finding]:
    """Require that a cumulative figure never falls, except as a correction.

    A correction may go below the figure before it, but not above the one after it, which would then
    fall without being corrected itself.
    """
    spec = INDICATORS[code]
    if spec.kind != "C":
        return []
    level: Level = "confirm" if correction else "block"
    hint = "请核对更正原因。" if correction else "如确有错误，请按更正填报并说明原因。"
    findings = []
    if previous is not None and value < previous:
        text = (
            f"{spec.name}是累计数，本期{format_value(code, value)}"
            f"小于上期{format_value(code, previous)}；{hint}"
        )
        findings.append(Finding(level, "falling", code, text))
    if following is not None and value > following:
        findings.append(_above_next(code, value, following, corrected_after))
    return findings


def _above_next(code: str, value: Decimal, following: Decimal, corrected: bool) -> Finding:
    """Return the finding about a smaller later figure, unless that one is a correction."""
    hint = "请核对更正原因。" if corrected else "请核对；如下期有误，请先更正下期。"
    text = (
        f"{INDICATORS[code].name}是累计数，本期{format_value(code, value)}大于下期"
        f"{format_value(code, following)}；{hint}"
    )
    return Finding("confirm" if corrected else "block", "falling", code, text)


def check_jump(code: str, value: Decimal, previous: Decimal | None) -> list[Finding]:
    """Ask for a note when a figure jumps.

    It exceeds 3 times (cumulative) or 5 times (flow) the previous one, or follows zero.
    """
    spec = INDICATORS[code]
    if previous is None or spec.jump_factor is None or value <= spec.jump_factor * previous:
        return []
    over = (
        f"超过上期{format_value(code, previous)}的{spec.jump_factor}倍" if previous else "上期为0"
    )
    text = f"{spec.name}本期{format_value(code, value)}，{over}，请核对并说明。"
    return [Finding("confirm", "jump", code, text)]


def check_jump_after(
    code: str, value: Decimal, following: Decimal | None, *, correction: bool = True
) -> list[Finding]:
    """Check a corrected or late figure against the next one, as `check_jump` does.

    It may cause the jump.
    """
    spec = INDICATORS[code]
    if following is None or spec.jump_factor is None or following <= spec.jump_factor * value:
        return []
    text = (
        f"{spec.name}本期{format_value(code, value)}，"
        f"下期{format_value(code, following)}超过其{spec.jump_factor}倍，"
        "请核对并说明。"
    )
    if correction:
        text = f"更正后{text}"
    return [Finding("confirm", "jump", code, text)]


def check_relations(values: Values) -> list[Finding]:
    """Require that no part exceeds its whole.

    Hard and active wallets, merchants and outlets, training.
    """
    findings = []
    for small, large in RELATIONS:
        part, whole = values.get(small), values.get(large)
        if part is not None and whole is not None and part > whole:
            findings.append(_exceeds(small, part, INDICATORS[large].name, whole, large))
    return findings


def check_merchants(
    values: Values, highest_live: Decimal | None, signed: Decimal | None
) -> list[Finding]:
    """Require paying merchants ≤ the period's highest count of live ones, and live ≤ signed.

    Merchants may leave, so the highest count within the period decides, not the last one.
    """
    findings = []
    paid, live = values.get("K08"), values.get("K06")
    tops = [count for count in (highest_live, live) if count is not None]
    if paid is not None and tops and paid > max(tops):
        findings.append(_exceeds("K08", paid, "期内最高受理商户数", max(tops), "K06"))
    if live is not None and signed is not None and live > signed:
        findings.append(_exceeds("K06", live, "已签约商户数", signed))
    return findings


def check_later_merchants(
    own: Decimal, later: Sequence[tuple[str, Decimal | None, Decimal | None]]
) -> list[Finding]:
    """Check later months that are based on a changed count of live merchants.

    `later` has each month, its paying merchants and its own count, oldest first.
    """
    findings: list[Finding] = []
    for month, paid, live in later:
        top = max(own, live or Decimal(0))
        if paid is not None and paid > top:
            text = (
                f"受理商户数为{format_value('K06', own)}时，"
                f"{month}有交易商户数{format_value('K08', paid)}大于期内最高"
                f"受理商户数{format_value('K06', top)}，请先核对{month}数据。"
            )
            findings.append(blocking_finding("relation", "K06", text))
        if live is not None:
            break
    return findings


def check_zero(values: Values) -> list[Finding]:
    """Require that payments and amount, and payroll firms and payroll, are zero together."""
    findings = []
    count_code, amount_code = ZERO_PAIR
    count, amount = values.get(count_code), values.get(amount_code)
    if count is not None and amount is not None and is_inconsistent_pair(count, amount):
        text = (
            f"交易笔数{format_value(count_code, count)}与"
            f"交易金额{format_value(amount_code, amount)}须同时为0或同时大于0。"
        )
        findings.append(blocking_finding("zero_pair", amount_code, text, count_code))
    firms, payroll = values.get("K14"), values.get("K15")
    if firms == 0 and payroll:
        text = (
            f"代发工资企业数为{format_value('K14', firms)}时，月代发工资金额须为0，"
            f"现填{format_value('K15', payroll)}。"
        )
        findings.append(blocking_finding("zero_pair", "K15", text, "K14"))
    return findings


def is_inconsistent_pair(one: Decimal, other: Decimal) -> bool:
    """Return whether only one figure of a pair is zero."""
    return (one == 0) != (other == 0)


def _exceeds(code: str, value: Decimal, name: str, limit: Decimal, *beside: str) -> Finding:
    spec = INDICATORS[code]
    text = (
        f"{spec.name}{format_value(code, value)}不能大于{name}{format_measured(limit, spec.unit)}。"
    )
    return blocking_finding("relation", code, text, *beside)
