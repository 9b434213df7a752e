"""Totals across the laboratory, from approved figures alone; demonstration and real figures are
never added to one another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from lab import clock
from lab.extensions import db
from lab.indicator_dictionary import INDICATORS, KIND_LABELS, Indicator
from lab.indicators import months
from lab.indicators.findings import shown
from lab.indicators.queries import ApprovedValue, all_approved
from lab.indicators.totals import Part, Sum, average_payment, project_total, year_total
from lab.portfolio.models import Project, Target


@dataclass(frozen=True)
class LabTotal:
    """The laboratory's total of one indicator: on its last date, and over the year's periods
    (None where periods must not be added)."""

    indicator: Indicator
    latest: Sum
    year: Sum | None

    @property
    def kind(self) -> str:
        """How the figure behaves, in a word."""
        return KIND_LABELS[self.indicator.kind]

    @property
    def shown(self) -> str:
        """The total as pages print it."""
        return self._text(self.latest.value)

    @property
    def year_shown(self) -> str:
        """The year's sum as pages print it, — where periods must not be added."""
        return "—" if self.year is None else self._text(self.year.value)

    def _text(self, value: Decimal | None) -> str:
        if value is None:
            return "—" if self.indicator.derived else "未报"
        return shown(self.indicator.code, value)


def total_series(
    project_ids: Sequence[int], indicator: str, periods: Sequence[date], *, is_demo: bool
) -> tuple[Decimal | None, ...]:
    """The total over these projects at the end of each period: flows of that period alone,
    otherwise each project's last figure until then. None: nobody has reported yet."""
    found = all_approved(
        project_ids, max(periods, default=None), codes=[indicator], is_demo=is_demo
    )
    flow = INDICATORS[indicator].kind == "F"
    return tuple(_sum_at(found, end, flow) for end in periods)


def lab_totals(
    cutoff: date | None = None, *, is_demo: bool, call_id: int | None = None
) -> tuple[LabTotal, ...]:
    """The laboratory's totals as of `cutoff`, of demonstration or of real figures, never both.

    Flows are those of the newest period ended by then. A project counts as missing where it has
    a target but no figure. Indicators that nobody reports or aims at are left out.
    """
    day = cutoff or clock.today()
    ids = _project_ids(call_id)
    found = all_approved(ids, day, is_demo=is_demo)
    expected = _expected(ids, is_demo)
    period = months.last_ended(day)
    totals = []
    for spec in INDICATORS.values():
        mine = [item for item in found if item.indicator == spec.code]
        owners = {item.project_id for item in mine} | expected.get(spec.code, set())
        if owners and spec.kind != "R":
            totals.append(_total(spec, mine, owners, period))
    return (*totals, *_derived(totals))


def _total(
    spec: Indicator, found: Sequence[ApprovedValue], owners: set[int], period: date
) -> LabTotal:
    usable = [v for v in found if spec.kind != "F" or v.period_end == period]
    latest = {item.project_id: item.value for item in usable if not item.forecast}
    parts = [Part(owner, owner, latest.get(owner), True) for owner in sorted(owners)]
    year = None
    if spec.additive:
        inside = [v for v in found if v.period_end.year == period.year and not v.forecast]
        year = year_total(spec.code, [item.value for item in inside])
    return LabTotal(spec, project_total(spec.code, parts), year)


def _derived(totals: Sequence[LabTotal]) -> tuple[LabTotal, ...]:
    """Yuan per payment from the totals of both, never an average of averages."""
    by_code = {item.indicator.code: item for item in totals}
    if not {"K09", "K10"} <= by_code.keys():
        return ()
    now = average_payment({code: by_code[code].latest.value for code in ("K09", "K10")})
    years = {code: by_code[code].year for code in ("K09", "K10")}
    year = average_payment({code: item.value if item else None for code, item in years.items()})
    return (LabTotal(INDICATORS["K11"], Sum(now, 0, 0), Sum(year, 0, 0)),)


def _sum_at(found: Sequence[ApprovedValue], end: date, flow: bool) -> Decimal | None:
    latest = {
        item.project_id: item.value
        for item in found
        if item.value is not None and (item.period_end == end if flow else item.period_end <= end)
    }
    return sum(latest.values(), Decimal(0)) if latest else None


def _project_ids(call_id: int | None) -> list[int]:
    query = select(Project.id).where(Project.announced_at.is_not(None))
    if call_id is not None:
        query = query.where(Project.call_id == call_id)
    return list(db.session.scalars(query))


def _expected(project_ids: Sequence[int], is_demo: bool) -> Mapping[str, set[int]]:
    rows = db.session.execute(
        select(Target.indicator, Target.project_id)
        .join(Project, Project.id == Target.project_id)
        .where(Target.project_id.in_(project_ids), Project.is_demo.is_(is_demo))
    )
    expected: dict[str, set[int]] = {}
    for row in rows:
        expected.setdefault(row.indicator, set()).add(row.project_id)
    return expected
