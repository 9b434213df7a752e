"""Reads for the pages of a ranking and of a publication."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from lab import clock
from lab.calls.core.queries import batch_label
from lab.calls.models.call import Call
from lab.clock import WorkingDay
from lab.decisions.access import decision_of
from lab.decisions.models import Decision
from lab.decisions.pages.queries import DecisionPage, decision_page
from lab.decisions.rules.selection import NOTICE_DAYS
from lab.policy import Actor
from lab.reviews.core.conflicts import conflicted_keys
from lab.reviews.rounds.queries_ranking import ranking_table
from lab.reviews.rules.ranking_table import RankingTable
from lab.workdays import queries as workdays


@dataclass(frozen=True)
class RankingPage:
    """The ranking of a call.

    `decision_key` is that of the decision that follows from it, "" before there is one; `own` are
    the keys of the proposals from whose judging the reader keeps out.
    """

    ranking_table: RankingTable
    batch_label: str
    decision_key: str
    own: Collection[str]


def ranking_page(call: Call, reader: Actor) -> RankingPage:
    """Return the ranking. Raises ValueError while the call has no criterion that counts."""
    decision = decision_of(call.id)
    return RankingPage(
        ranking_table=ranking_table(call),
        batch_label=batch_label(call.year, call.batch),
        decision_key=decision[0] if decision else "",
        own=conflicted_keys(reader, call.id),
    )


@dataclass(frozen=True)
class PublishPage:
    """A decision about to be published: the public notice runs from `starts_on` to `ends_on`."""

    decision: DecisionPage
    starts_on: date
    ends_on: WorkingDay


def publish_page(decision: Decision) -> PublishPage:
    """Return the page of a publication made today."""
    today = clock.today()
    return PublishPage(
        decision=decision_page(decision),
        starts_on=today,
        ends_on=workdays.count_working_days(today, NOTICE_DAYS),
    )
