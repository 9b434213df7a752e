"""A project's status light: the worst of its milestones, indicators, report and open issues.

Office rules. Milestone: 1–15 days late yellow, more red; due within 7 days without progress yellow.
Indicator: actual against the prorated target (序时), 90 % and above green, 70 % to below 90 %
yellow, below 70 % red; no figure for the newest due month yellow. Report: up to 7 days late yellow,
more or two missed red. Issue: open for more than 7 days yellow, blocked or a compliance risk red.
Grey: not started, paused, closed or terminated, or nothing to evaluate. A manual light needs a
reason and is marked as manual. Colour is never the only signal: every light has a label.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Literal

from lab.amounts import format_trimmed
from lab.clock import cn_date
from lab.portfolio.rules.lifecycle import ENDED, PROJECT, UNLIT
from lab.portfolio.rules.prorated_target import (
    TargetMeasure,
    attainment,
    decimal_of,
    prorated_value,
)

Color = Literal["green", "yellow", "red", "grey"]
LABELS: Mapping[str, str] = MappingProxyType(
    {"green": "绿灯", "yellow": "黄灯", "red": "红灯", "grey": "灰灯"}
)
SEVERITY: tuple[Color, ...] = ("grey", "green", "yellow", "red")
TROUBLED: tuple[Color, ...] = ("red", "yellow")  # what needs attention, worst first
MILESTONE_RED, DUE_SOON = 15, 7  # days
GREEN_FROM, YELLOW_FROM = Fraction(9, 10), Fraction(7, 10)
REPORT_RED, REPORTS_MISSED = 7, 2  # days late, reports missed in a row
ISSUE_DAYS = 7
MAX_WHOLE_PLAN = 200  # rounding may change a plan by half a percent


@dataclass(frozen=True)
class Milestone:
    """A milestone: due date, the day it was completed or None, progress 0–100 percent."""

    name: str
    due: date
    done: date | None = None
    progress: int = 0


@dataclass(frozen=True)
class ReportState:
    """Lateness of the current report: days late (0 when in time) and consecutive missed reports.

    `note` says that the due day may still change.
    """

    days_late: int = 0
    missed: int = 0
    note: str = ""


@dataclass(frozen=True)
class Issue:
    """An open issue: kind coordination, blocked or compliance, and the day it was raised."""

    title: str
    opened: date
    kind: Literal["coordination", "blocked", "compliance"] = "coordination"


@dataclass(frozen=True)
class Override:
    """A manual light. Raises ValueError without a reason."""

    color: Color
    reason: str

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise ValueError("a light set by hand needs a reason")


@dataclass(frozen=True)
class LightFacts:
    """The input of a light on one day; `state` is the project's state code."""

    today: date
    state: str
    milestones: tuple[Milestone, ...] = ()
    measures: tuple[TargetMeasure, ...] = ()
    report: ReportState | None = None
    issues: tuple[Issue, ...] = ()
    override: Override | None = None


@dataclass(frozen=True)
class LightReason:
    """One reason for a light, as a Chinese sentence."""

    color: Color
    message: str


@dataclass(frozen=True)
class Light:
    """The light shown, the computed one, reasons (worst first), and whether it is manual."""

    color: Color
    computed: Color
    reasons: tuple[LightReason, ...]
    manual: bool = False

    @property
    def is_troubled(self) -> bool:
        """Whether the project needs attention."""
        return self.color in TROUBLED

    @property
    def label(self) -> str:
        """The label beside the colour; a manual light says so."""
        return LABELS[self.color] + ("（人工）" if self.manual else "")


def evaluate_light(facts: LightFacts) -> Light:
    """Evaluate a project's light. Raises KeyError for an unknown state."""
    reasons = sorted(_reasons(facts), key=lambda reason: -SEVERITY.index(reason.color))
    computed = reasons[0].color if reasons else "green"
    # A light set by hand ends with the project.
    if facts.override is None or facts.state in ENDED:
        return Light(computed, computed, tuple(reasons))
    by_hand = LightReason(
        facts.override.color,
        f"人工设为{LABELS[facts.override.color]}：{facts.override.reason.strip()}",
    )
    return Light(facts.override.color, computed, (by_hand, *reasons), manual=True)


def _reasons(facts: LightFacts) -> list[LightReason]:
    state = PROJECT.state(facts.state)
    if facts.state in UNLIT:
        return [LightReason("grey", f"项目{state.label}，不评灯。")]
    if not (facts.milestones or facts.measures or facts.issues or facts.report):
        return [LightReason("grey", "没有里程碑、指标和报告，暂不评灯。")]
    reasons = [_milestone_reason(item, facts.today) for item in facts.milestones]
    reasons += [_measure_reason(item) for item in facts.measures]
    reasons += [_issue_reason(item, facts.today) for item in facts.issues]
    if facts.report is not None:
        reasons.append(_report_reason(facts.report))
    return [reason for reason in reasons if reason is not None]


def _milestone_reason(item: Milestone, today: date) -> LightReason | None:
    if item.done is not None:
        return None
    late = (today - item.due).days
    due = f"里程碑“{item.name}”应于{cn_date(item.due)}完成"
    if late > 0:
        color: Color = "red" if late > MILESTONE_RED else "yellow"
        return LightReason(color, f"{due}，已逾期{late}天。")
    if late >= -DUE_SOON and item.progress <= 0:
        left = "今天到期" if late == 0 else f"还有{-late}天"
        return LightReason("yellow", f"{due}，{left}，尚无进展。")
    return None


def _measure_reason(item: TargetMeasure) -> LightReason | None:
    if not item.reported:
        return LightReason("yellow", f"{item.name}截至{cn_date(item.as_of)}未报。")
    share = attainment(item)
    if item.actual is None or share is None or share >= GREEN_FROM:
        return None
    color: Color = "yellow" if share >= YELLOW_FROM else "red"
    return LightReason(color, f"{_figure_text(item)}，{_progress_text(item, share)}。")


def _figure_text(item: TargetMeasure) -> str:
    since = f"自{cn_date(item.start)}起累计" if item.flow else "为"
    return f"{item.name}截至{cn_date(item.as_of)}{since}{item.figure(item.actual or Decimal(0))}"


def _progress_text(item: TargetMeasure, share: Fraction) -> str:
    reached = f"{decimal_of(share * 100)}%"
    if item.ratio:
        return f"目标{item.figure(item.target)}，完成率{reached}"
    since = f"（基数{item.figure(item.growth_base)}）" if item.growth_base else ""
    return f"达到序时计划{_prorated_text(item)}{since}的{reached}"


def _prorated_text(item: TargetMeasure) -> str:
    """Format the prorated target.

    A count is rounded where that does not affect the percentage: 832个 for 831.69, but 5.55户.
    """
    planned = prorated_value(item)
    if item.unit.startswith("元") or abs(round(planned) - planned) * MAX_WHOLE_PLAN <= planned:
        return item.figure(decimal_of(planned))
    return f"{format_trimmed(decimal_of(planned))}{item.unit}"


def _report_reason(state: ReportState) -> LightReason | None:
    if state.missed >= REPORTS_MISSED:
        return LightReason("red", f"连续{state.missed}期未报进展。")
    if state.days_late <= 0:
        return None
    color: Color = "red" if state.days_late > REPORT_RED else "yellow"
    return LightReason(color, f"进展报告已逾期{state.days_late}天{state.note}。")


def _issue_reason(item: Issue, today: date) -> LightReason | None:
    if item.kind == "blocked":
        return LightReason("red", f"“{item.title}”受阻，项目无法推进。")
    if item.kind == "compliance":
        return LightReason("red", f"“{item.title}”存在合规风险。")
    days = (today - item.opened).days
    if days <= ISSUE_DAYS:
        return None
    return LightReason("yellow", f"协调事项“{item.title}”已{days}天未办结。")
