"""Rank a round by the published scores, and assign each proposal's zone.

Office rules: standard competition ranking (1, 2, 2, 4) on the two-decimal value; a proposal is in
when at most `places` proposals score at least as much; ties at the cut are never broken by the
machine but go to the committee; too few sheets keep a proposal out of the list, with its rank and
place held, until the chair confirms.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from lab.numbering.formats import sort_key
from lab.reviews.scoring.inputs import RankedProposal, RoundRules, to_fraction
from lab.reviews.scoring.official import OfficialScore, official_score

Zone = Literal["in", "tied", "out", "short", "unranked"]
ZONE_LABELS: dict[str, str] = {
    "in": "入围",
    "tied": "并列待议",
    "out": "未入围",
    "short": "评审数不足",
    "unranked": "暂不排名",
}


@dataclass(frozen=True)
class Ranked:
    """One line of the ranking: `rank` from 1, None without a score.

    `tied` counts equal scores including its own (1 when alone, 0 without a score).
    """

    key: str
    number: str
    rank: int | None
    zone: Zone
    tied: int
    result: OfficialScore


def rank_proposals(
    rules: RoundRules,
    proposals: Sequence[RankedProposal],
    results: Mapping[str, OfficialScore] | None = None,
) -> list[Ranked]:
    """Return the proposals in list order: best score first, those without a score last.

    Equal scores are ordered by criterion means in descending order of weight, then by number; their
    displayed rank stays equal. `results` by proposal key avoid recomputation. Raises ValueError for
    two proposals with one key, and whatever `official_score` raises.
    """
    if len({p.key for p in proposals}) != len(proposals):
        raise ValueError("two proposals share one key")
    results_by_key = results or {p.key: official_score(rules, p.sheets) for p in proposals}
    criteria = _by_weight(rules)
    order = sorted(proposals, key=lambda p: _list_key(p, results_by_key[p.key], criteria))
    falling = sorted(-r.score for r in results_by_key.values() if r.score is not None)
    return [_line(rules, p, results_by_key[p.key], falling) for p in order]


def tie_message(rules: RoundRules, ranking: Sequence[Ranked]) -> str | None:
    """Return the message about a tie at the cut; None without one."""
    group = next((line.tied for line in ranking if line.zone == "tied"), None)
    if group is None:
        return None
    return f"第{rules.places}名并列{group}项，系统不自动取舍，由评审委员会决定。"


def _by_weight(rules: RoundRules) -> list[int]:
    """Return the indexes of the counted criteria, heaviest first.

    Equal weights in the round's order.
    """
    counted = [i for i, c in enumerate(rules.criteria) if c.counted]
    return sorted(counted, key=lambda i: -to_fraction(rules.criteria[i].weight))


ListKey = tuple[bool, Decimal, tuple[Fraction, ...], tuple[tuple[int, int, str], ...]]


def _list_key(proposal: RankedProposal, result: OfficialScore, criteria: list[int]) -> ListKey:
    number = sort_key(proposal.number)
    if result.score is None:
        return (True, Decimal(0), (), number)
    means = tuple(-(result.means[i].exact or Fraction(0)) for i in criteria)
    return (False, -result.score, means, number)


def _line(
    rules: RoundRules, proposal: RankedProposal, result: OfficialScore, falling: list[Decimal]
) -> Ranked:
    if result.score is None:
        return Ranked(proposal.key, proposal.number, None, "unranked", 0, result)
    better = bisect_left(falling, -result.score)
    at_least = bisect_right(falling, -result.score)
    short = result.valid < rules.minimum_sheets and not proposal.confirmed
    zone: Zone = "short" if short else _zone(rules.places, better + 1, at_least)
    return Ranked(proposal.key, proposal.number, better + 1, zone, at_least - better, result)


def _zone(places: int, position: int, at_least: int) -> Zone:
    if at_least <= places:
        return "in"
    return "tied" if position <= places else "out"
