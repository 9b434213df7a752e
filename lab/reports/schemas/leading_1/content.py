"""What the leading group's report says, as frozen data without a word of layout.

A report is filled once from approved figures, turned into plain JSON types, stored as the
snapshot, and printed from that snapshot only; so a reprint can never show other figures.
Unknown is None and prints as 「—」 or 「未载明」; zero is a value.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from lab.canonical import canonical_json, fingerprint
from lab.reports.content.decode import decode

SCHEMA = "leading-1"
HASH_FIELDS = ("data_hash", "audit_head")
MOST_DECISIONS = 3

Light = Literal["green", "yellow", "red"]
Side = Literal["post", "bank"]
# "forecast" is a published expectation; it never counts as an actual figure.
Measure = Literal["cumulative", "stock", "period", "ratio", "forecast"]


@dataclass(frozen=True)
class Summary:
    """Headline figures. `received` is the source's own words (「近20个」) or an exact number.

    `unnamed` counts approved projects whose name is not published; None hides a figure. `as_of`
    is the day the states were published for; None: they are those of the cut-off.
    """

    call_title: str
    received: str | int | None
    approved: int | None
    landed: int | None
    in_progress: int | None
    unnamed: int | None = None
    as_of: date | None = None


@dataclass(frozen=True)
class PortfolioRow:
    """One approved project. `number` is None when unknown; `light` None means not judged."""

    number: str | None
    name: str
    unit: str | None
    side: Side | None
    state: str
    light: Light | None
    light_reason: str | None
    next_milestone: str | None
    next_due: date | None
    is_demo: bool


@dataclass(frozen=True)
class FactFigure:
    """One published figure: an exact `value` with its unit, or the source's own `text`.

    `name` is the indicator's name; forecasts carry only `text`.
    """

    name: str
    value: Decimal | None
    text: str | None
    unit: str | None


@dataclass(frozen=True)
class FactGroup:
    """Published figures that hold for one stated scope, such as 「在丽泽金融商务区内」."""

    scope: str | None
    figures: tuple[FactFigure, ...]


@dataclass(frozen=True)
class Facts:
    """Everything published about one project, with its date and source label."""

    project: str
    as_of: date
    groups: tuple[FactGroup, ...]
    scenarios: tuple[str, ...]
    note: str | None
    source: str


@dataclass(frozen=True)
class IndicatorRow:
    """One indicator against its target.

    `scope` says whose figure it is (全部项目, or a project's short name). `actual` and `target`
    are in `unit`; `actual_text` is a figure that exists only as words. `completion` is percent.
    `mark` points at a footnote; `source` is 「来源：公开报道」 or the approved period.
    """

    code: str
    name: str
    scope: str
    unit: str
    measure: Measure
    actual: Decimal | None
    actual_text: str | None
    target: Decimal | None
    completion: Decimal | None
    mark: str | None
    source: str | None
    is_demo: bool


@dataclass(frozen=True)
class TrendLine:
    """One line of the chart, one value a month; None is a month without an approved figure."""

    name: str
    values: tuple[Decimal | None, ...]


@dataclass(frozen=True)
class Trend:
    """The one chart. `months` read 2022-07; every line has as many values as there are months.

    Raises ValueError when a line is longer or shorter than the axis.
    """

    title: str
    unit: str
    months: tuple[str, ...]
    lines: tuple[TrendLine, ...]
    is_demo: bool

    def __post_init__(self) -> None:
        if any(len(line.values) != len(self.months) for line in self.lines):
            raise ValueError("every trend line needs one value a month")

    @property
    def empty(self) -> bool:
        """True when no month of any line has a value, so that there is nothing to draw."""
        return all(value is None for line in self.lines for value in line.values)


@dataclass(frozen=True)
class DecisionWanted:
    """One matter that only the leading group can decide."""

    title: str
    reason: str
    due: date | None
    is_demo: bool


@dataclass(frozen=True)
class Trouble:
    """A project that does not advance: since when, why, and what is asked of whom."""

    project: str
    light: Light
    since: date | None
    reason: str | None
    asked: str | None
    is_demo: bool


@dataclass(frozen=True)
class Footnote:
    """A note under the tables; `mark` is the sign a cell carries, None for a general note."""

    mark: str | None
    text: str


@dataclass(frozen=True)
class LeadingReport:
    """The leading group's report of one cut-off date.

    `number` and `version` name the snapshot; `data_hash` (64 hexadecimal digits) and
    `audit_head` (short) are None until it is issued. Raises ValueError for a naive
    `generated_at`, for more than three decisions wanted (office rule: at most three), and for
    demonstration data in a report that does not say so.
    """

    title: str
    period: str | None
    addressee: str
    issuer: str
    cutoff: date
    generated_at: datetime
    generated_by: str
    number: str
    version: int
    data_hash: str | None
    audit_head: str | None
    has_demo: bool
    summary: Summary
    portfolio: tuple[PortfolioRow, ...]
    facts: tuple[Facts, ...]
    indicators: tuple[IndicatorRow, ...]
    trend: Trend | None
    decisions: tuple[DecisionWanted, ...]
    troubles: tuple[Trouble, ...]
    footnotes: tuple[Footnote, ...]

    def __post_init__(self) -> None:
        if self.generated_at.utcoffset() is None:
            raise ValueError("generated_at needs a zone")
        if len(self.decisions) > MOST_DECISIONS:
            raise ValueError(f"at most {MOST_DECISIONS} decisions can be asked for")
        if self._shows_demo() and not self.has_demo:
            raise ValueError("demonstration data in a report without the demonstration banner")

    def _shows_demo(self) -> bool:
        marks = [self.trend.is_demo] if self.trend else []
        marks += [row.is_demo for row in self.portfolio]
        marks += [row.is_demo for row in self.indicators]
        marks += [row.is_demo for row in self.decisions]
        marks += [row.is_demo for row in self.troubles]
        return any(marks)


def to_plain(report: LeadingReport) -> dict[str, Any]:
    """The report as JSON types, ready to be stored: decimals and dates as canonical text."""
    plain: dict[str, Any] = json.loads(canonical_json(report))
    return {"schema": SCHEMA, **plain}


def from_plain(plain: Mapping[str, Any]) -> LeadingReport:
    """The report a stored snapshot holds.

    Raises ValueError when the snapshot has another form, a missing or unknown field, or a value
    of the wrong type.
    """
    if plain.get("schema") != SCHEMA:
        raise ValueError(f"not a {SCHEMA} snapshot")
    rest = {key: value for key, value in plain.items() if key != "schema"}
    report = decode(LeadingReport, rest)
    assert isinstance(report, LeadingReport)
    return report


def data_hash(plain: Mapping[str, Any]) -> str:
    """SHA-256 of the snapshot's content: 64 hexadecimal digits.

    The hash itself and the audit head are left out, as both are known only afterwards.
    """
    return fingerprint({key: item for key, item in plain.items() if key not in HASH_FIELDS})
