"""Reads for the page on which a decision is published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lab import clock
from lab.clock import WorkingDay
from lab.decisions.models import Decision
from lab.decisions.pages.queries import DecisionPage, decision_page
from lab.decisions.rules.selection import NOTICE_DAYS
from lab.workdays import queries as workdays


@dataclass(frozen=True)
class PublishPage:
    """A decision about to be published: the public notice runs from `starts_on` to `ends_on`."""

    decision: DecisionPage
    starts_on: date
    ends_on: WorkingDay


def publish_page(decision: Decision) -> PublishPage:
    """Return what the page shows if the decision is published today."""
    today = clock.today()
    return PublishPage(
        decision=decision_page(decision),
        starts_on=today,
        ends_on=workdays.count_working_days(today, NOTICE_DAYS),
    )
