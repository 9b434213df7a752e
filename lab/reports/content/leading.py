"""The content of the leading group's report, as frozen data without layout.

A report is filled once from approved figures, converted to plain JSON types, stored as the
snapshot, and printed from that snapshot only; so a reprint can never show other figures. Unknown is
None and prints as 「—」 or 「未载明」; zero is a value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from lab.canonical import canonical_json, fingerprint
from lab.catalogue.provenance import Provenance
from lab.reports.content.decode import decode

# What "leading-2" stores is the same; it is laid out as it was when it was issued.
SECOND_SCHEMA, SCHEMA = "leading-2", "leading-3"
HASH_FIELDS = ("data_hash", "audit_head")
MAX_DECISIONS = 3

Light = Literal["green", "yellow", "red"]
Side = Literal["post", "bank"]
# "forecast" is a published expectation; it never counts as an actual figure.
Measure = Literal["cumulative", "stock", "period", "ratio", "forecast"]


@dataclass(frozen=True)
class StateCount:
    """The number of projects in a state, by its label."""

    label: str
    count: int


@dataclass(frozen=True)
class LightCount:
    """The number of projects with a light."""

    light: Light
    count: int


@dataclass(frozen=True)
class Summary:
    """Headline figures of one batch and provenance; two are never added together.

    `received` is the source's wording (「近20个」) or an exact number. `landed`, `in_progress`,
    `others` and `unnamed` (approved projects whose name is not published) add up to `approved`;
    None hides a figure. `as_of` is the day the states were published for; None: the cut-off.
    `lights` leaves out projects that were not evaluated.
    """

    call_title: str
    received: str | int | None
    approved: int | None
    landed: int | None
    in_progress: int | None
    unnamed: int | None = None
    as_of: date | None = None
    provenance: Provenance = "real"
    others: tuple[StateCount, ...] = ()
    lights: tuple[LightCount, ...] = ()

    def __post_init__(self) -> None:
        parts = (self.landed, self.in_progress, self.unnamed, *(o.count for o in self.others))
        complete = None not in (self.approved, self.landed, self.in_progress)
        if complete and sum(part or 0 for part in parts) != self.approved:
            raise ValueError(f"the parts of {self.call_title} do not add up")


@dataclass(frozen=True)
class PortfolioRow:
    """One approved project. `number` is None when unknown; `light` None when not evaluated.

    `state` is the state in a public report where there is one, else on the cut-off; `known_state`
    is what the portal knows beyond the report, None for nothing. `mark` lists the footnotes about
    later records. `state_on` is the day for which the public report gives the state; None: the
    cut-off.
    """

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
    call_title: str = ""
    known_state: str | None = None
    mark: str | None = None
    state_on: date | None = None


@dataclass(frozen=True)
class FactFigure:
    """One published figure: an exact `value` with its unit, or the source's wording as `text`.

    `name` is the indicator's name; forecasts have only `text`.
    """

    name: str
    value: Decimal | None
    text: str | None
    unit: str | None


@dataclass(frozen=True)
class FactGroup:
    """Published figures of one stated scope, such as 「在丽泽金融商务区内」."""

    scope: str | None
    figures: tuple[FactFigure, ...]


@dataclass(frozen=True)
class PublishedFacts:
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

    `scope` says whose figure it is (业务数据项目, or a project's short name). `actual` and `target`
    are in `unit` and of the same projects: the `reported` of `expected` that have a figure (None:
    not a sum). `actual_text` is a figure known only in words. `completion` is the percentage of
    that actual. `carried` is the date of the oldest figure in it that is not of the newest month: a
    count or stock carried forward, or the last known flow or rate; `standing_on` counts the
    projects of a sum with such a figure. `since` and `until` are the first day and the end of the
    newest month of a sum of months. `mark` lists the footnotes; `source` is 「来源：公开报道」 or
    the kind of data.
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
    reported: int | None = None
    expected: int | None = None
    carried: date | None = None
    standing_on: int | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class TrendLine:
    """One line of the chart, one value per month; None before the first figure.

    `carried` lists the months whose value is carried from earlier ones.
    """

    name: str
    values: tuple[Decimal | None, ...]
    carried: tuple[str, ...] = ()


@dataclass(frozen=True)
class Trend:
    """A chart of months. `months` read 2022-07; every line has one value per month.

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
        """Whether no line has any value, so that there is nothing to draw."""
        return all(value is None for line in self.lines for value in line.values)


@dataclass(frozen=True)
class DecisionRequest:
    """A matter that only the leading group can decide."""

    title: str
    reason: str
    due: date | None
    is_demo: bool


@dataclass(frozen=True)
class TroubledProject:
    """A project that does not advance: why, and what is requested of whom.

    Line breaks of the input are kept. `month` is the end of the month whose narrative is quoted,
    None without a quotation.
    """

    project: str
    light: Light
    month: date | None
    reason: str | None
    asked: str | None
    is_demo: bool


@dataclass(frozen=True)
class Footnote:
    """A note below the tables; `mark` is the cell's sign, None for a general note."""

    mark: str | None
    text: str


@dataclass(frozen=True)
class LeadingReport:
    """The leading group's report as of one cut-off date, for one batch or the laboratory.

    `scope` is the title of the batch, None for all of them; each has its line in `batches`.
    Everything recorded until `generated_at` counts.

    `number` and `version` identify the snapshot; `data_hash` (64 hex digits) and `audit_head`
    (short) are None until it is issued. Raises ValueError for a naive `generated_at`, for more than
    three decisions (office rule: at most three), and for demonstration data in a report that is not
    marked as such.
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
    scope: str | None
    batches: tuple[Summary, ...]
    portfolio: tuple[PortfolioRow, ...]
    facts: tuple[PublishedFacts, ...]
    indicators: tuple[IndicatorRow, ...]
    trend: Trend | None
    decisions: tuple[DecisionRequest, ...]
    troubles: tuple[TroubledProject, ...]
    footnotes: tuple[Footnote, ...]

    def __post_init__(self) -> None:
        if self.generated_at.utcoffset() is None:
            raise ValueError("generated_at needs a zone")
        if len(self.decisions) > MAX_DECISIONS:
            raise ValueError(f"at most {MAX_DECISIONS} decisions can be asked for")
        if self._shows_demo() and not self.has_demo:
            raise ValueError("demonstration data in a report without the demonstration banner")

    @property
    def summary(self) -> Summary:
        """The headline of the only batch. Raises ValueError when there are several or none."""
        (only,) = self.batches
        return only

    def _shows_demo(self) -> bool:
        marks = [self.trend.is_demo] if self.trend else []
        marks += [batch.provenance == "demo" for batch in self.batches]
        marks += [row.is_demo for row in self.portfolio]
        marks += [row.is_demo for row in self.indicators]
        marks += [row.is_demo for row in self.decisions]
        marks += [row.is_demo for row in self.troubles]
        return any(marks)


def to_plain(report: LeadingReport) -> dict[str, Any]:
    """Return the report as JSON types for storage: decimals and dates as canonical text."""
    plain: dict[str, Any] = canonical_json(report).parsed()
    return {"schema": SCHEMA, **plain}


def from_plain(plain: Mapping[str, Any]) -> LeadingReport:
    """Return the report of a stored snapshot.

    Raises ValueError when the snapshot has another schema, a missing or unknown field, or a value
    of the wrong type.
    """
    if plain.get("schema") not in (SECOND_SCHEMA, SCHEMA):
        raise ValueError(f"not a {SCHEMA} snapshot")
    rest = {key: value for key, value in plain.items() if key != "schema"}
    report = decode(LeadingReport, rest)
    assert isinstance(report, LeadingReport)
    return report


def data_hash(plain: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the snapshot's content: 64 hex digits.

    Excludes the hash itself and the audit head, which are known only afterwards.
    """
    return fingerprint({key: item for key, item in plain.items() if key not in HASH_FIELDS})
