"""Each visitor's relations to the objects that addresses name.

They are written by hand, so that a loader that computes them wrongly is noticed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

Relations = Callable[[str, str], frozenset[str]]

IN_PROPOSAL = {
    "applicant": "owner",
    "leader": "leader",
    **dict.fromkeys(("member", "office2", "leading2"), "member"),
    "partner": "partner",
}
IN_TEAM = {
    "leader": "team_leader",
    **dict.fromkeys(("member", "office2", "leading2"), "team_member"),
}
REVIEWERS = ("reviewer", "reviewer2", "former")


def no_relations(_visitor: str, _state: str) -> frozenset[str]:
    return frozenset()


def relation_of(known: Mapping[str, str], *always: str) -> Relations:
    return lambda visitor, _: frozenset({known[visitor]} if visitor in known else ()) | set(always)


def proposal_relations(*always: str, more: Mapping[str, str] = MappingProxyType({})) -> Relations:
    """Those of a proposal; who takes part in it must keep out of judging it."""

    def relations(visitor: str, _state: str) -> frozenset[str]:
        word = {IN_PROPOSAL[visitor], "conflicted"} if visitor in IN_PROPOSAL else set[str]()
        return frozenset(word | ({more[visitor]} if visitor in more else set()) | set(always))

    return relations


def call_conflicts(*always: str) -> Relations:
    """Those of a call to the judging of its proposals; `former` has recused from one of them."""
    known = dict.fromkeys((*IN_PROPOSAL, "former"), "conflicted")
    return relation_of(known, *always)


def call_relations(visitor: str, state: str) -> frozenset[str]:
    mates = ("applicant", "leader", "colleague", "recused")
    more = visitor in mates and state in ("open", "closed")
    return frozenset({"round_closed"} | ({"extension"} if more else set()))


def sheet_relations(visitor: str, state: str) -> frozenset[str]:
    if visitor != "reviewer":
        return frozenset()
    if state == "recused":
        return frozenset({"recused"})
    return frozenset({"assigned", "assigned_open", "assigned_pledged"})


def decision_relations(visitor: str, _state: str) -> frozenset[str]:
    known = {
        "office": "proposer",
        **dict.fromkeys(REVIEWERS, "reviewer"),
    }
    own = {"conflicted"} if visitor in (*IN_PROPOSAL, "former") else set[str]()
    return frozenset(({known[visitor]} if visitor in known else set()) | own)


def project_relations(visitor: str, _state: str) -> frozenset[str]:
    team = {"announced", IN_TEAM[visitor]} if visitor in IN_TEAM else set()
    return frozenset(team | {"charter_signed"})


def person_relations(whom: str) -> Relations:
    known = {
        "reviewer3": {"staff", "ordinary", "of_reviewer"},
        "nobody": {"staff", "ordinary", "plain"},
        "leader": {"staff", "ordinary", "plain"},
        "waiting": {"staff", "ordinary", "plain", "without_password"},
        "office": {"staff"},
    }.get(whom, set[str]())
    return lambda visitor, _: frozenset(known | ({"self"} if visitor == whom else set()))


RELEASE_RELATIONS = {"office": ("asker",), "office2": ("releaser",), "reviewer2": ("concerned",)}


def release_relations(visitor: str, _state: str) -> frozenset[str]:
    return frozenset({*RELEASE_RELATIONS.get(visitor, ()), "reviewer_only"})


def letter_relations(visitor: str, _state: str) -> frozenset[str]:
    mine = {"recipient"} if visitor in ("applicant", "leader") else set[str]()
    own = {"conflicted"} if visitor in (*IN_PROPOSAL, "former") else set[str]()
    return frozenset(mine | own)
