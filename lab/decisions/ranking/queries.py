"""Queries of the ranking: the frozen one by its number, and what the page shows."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from lab.calls.core.queries import batch_label
from lab.calls.models.call import Call
from lab.decisions.access import decision_of
from lab.extensions import db
from lab.policy import Actor
from lab.reviews.core.conflicts import conflicted_keys
from lab.reviews.models import RankingResult
from lab.reviews.rounds.queries_ranking import ranking_table
from lab.reviews.rules.ranking_table import RankingTable, ranking_table_from


def frozen_ranking_table(call_id: int, number: int) -> RankingTable:
    """Return the frozen ranking with this number. Raises NoResultFound when there is none."""
    row = db.session.execute(
        select(RankingResult.content, RankingResult.fingerprint).where(
            RankingResult.call_id == call_id, RankingResult.number == number
        )
    ).one()
    return ranking_table_from(row.content.parsed(), number, row.fingerprint)


@dataclass(frozen=True)
class RankingPage:
    """The ranking of a call.

    `decision_key`: the key of the decision based on it, "" before there is one;
    `conflicted_keys`: the keys of the proposals whose review the reader must keep out of.
    """

    ranking_table: RankingTable
    batch_label: str
    decision_key: str
    conflicted_keys: Collection[str]


def ranking_page(call: Call, reader: Actor) -> RankingPage:
    """Return what the page of the ranking shows.

    Raises ValueError while the call has no criterion that counts.
    """
    decision = decision_of(call.id)
    return RankingPage(
        ranking_table=ranking_table(call),
        batch_label=batch_label(call.year, call.batch),
        decision_key=decision[0] if decision else "",
        conflicted_keys=conflicted_keys(reader, call.id),
    )
