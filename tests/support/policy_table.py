"""Reads policy.csv, what each role may do, and addresses.csv, what each address does."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import combinations
from pathlib import Path

from lab.calls.rules.lifecycle import CALL
from lab.decisions.rules.lifecycle import DECISION
from lab.enrolment.rules.lifecycle import PEOPLE_IMPORT
from lab.enrolment.rules.request_lifecycle import ROLE_REQUEST
from lab.importing.rules.lifecycle import UPLOAD
from lab.inbox.rules.lifecycle import LETTER
from lab.policy import ADMIN_ROLES, BUSINESS_ROLES, Actor, Resource, Verdict
from lab.portfolio.rules.lifecycle import PROJECT
from lab.proposals.rules.bulk_import.lifecycle import IMPORT
from lab.proposals.rules.lifecycle import PROPOSAL
from lab.releases.rules.lifecycle import RELEASE
from lab.reports.rules.lifecycle import REPORT
from lab.reviews.rules.lifecycle import SHEET

PATH = Path(__file__).with_name("policy.csv")
ADDRESSES = Path(__file__).with_name("addresses.csv")
STATES: dict[str, tuple[str, ...]] = {
    "none": ("",),
    "inbox": ("",),
    "file": ("",),
    "letter": LETTER.codes,
    "person": ("open", "disabled"),
    "call": CALL.codes,
    "proposal": PROPOSAL.codes,
    "sheet": SHEET.codes,
    "decision": DECISION.codes,
    "project": PROJECT.codes,
    "release": RELEASE.codes,
    "report": REPORT.codes,
    "import": IMPORT.codes,
    "upload": UPLOAD.codes,
    "people_import": PEOPLE_IMPORT.codes,
    "role_request": ROLE_REQUEST.codes,
}
RELATIONS: dict[str, tuple[str, ...]] = {
    "none": (),
    "upload": ("of_office", "of_administrators"),
    "people_import": (),
    "role_request": ("asker", "concerned", "linked"),
    "inbox": ("receiver",),
    "file": ("visible",),
    "letter": ("recipient", "conflicted"),
    "person": ("staff", "ordinary", "plain", "of_reviewer", "without_password", "self"),
    "call": ("round_closed", "decision_submitted", "assigned_in_call", "extension", "conflicted"),
    "proposal": ("owner", "leader", "member", "partner", "conflicted"),
    "sheet": (
        *("assigned", "assigned_pledged", "assigned_open", "recused", "round_open"),
        "conflicted",
    ),
    "decision": ("proposer", "conflicted", "reviewer"),
    "project": ("announced", "team_leader", "team_member", "charter_signed"),
    "release": (
        "asker",
        "concerned",
        "linked",
        "linked_concerned",
        "releaser",
        "reviewer_only",
        "beyond_reviewer",
    ),
    "report": (),
    "import": (),
}
# Nobody, everybody with one role or none, and some of those who hold two.
PEOPLE: tuple[frozenset[str] | None, ...] = (
    None,
    frozenset(),
    *(frozenset({role}) for role in (*BUSINESS_ROLES, *ADMIN_ROLES)),
    *(frozenset(pair) for pair in combinations(BUSINESS_ROLES, 2)),
)


@dataclass(frozen=True)
class Line:
    """One line of the file."""

    action: str
    kind: str
    role: str
    relation: frozenset[str]
    unless: frozenset[str]
    allowed: frozenset[str]
    always: bool

    def allows(self, state: str) -> bool:
        return self.always or state in self.allowed

    def speaks_of(self, roles: frozenset[str] | None, relations: frozenset[str]) -> bool:
        if not _holds(self.role, roles) or self.unless & relations:
            return False
        return not self.relation or bool(self.relation & relations)


def _holds(role: str, roles: frozenset[str] | None) -> bool:
    if roles is None or role == "public":
        return role == "public"
    if role == "anyone":
        return True
    return not roles & set(ADMIN_ROLES) if role == "staff" else role in roles


@cache
def lines() -> tuple[Line, ...]:
    """The file's lines in order. Raises ValueError for a state or relation that does not exist."""
    text = [row for row in PATH.read_text("utf-8").splitlines() if not row.startswith("#")]
    return tuple(_line(row) for row in csv.DictReader(text))


def _line(row: dict[str, str]) -> Line:
    kind, states = row["object"], frozenset(row["allowed"].split())
    relation, unless = (frozenset(row[name].split()) for name in ("relation", "except"))
    known = frozenset(STATES[kind])
    if not states or not (states <= known or states == {"*"}):
        raise ValueError(f"{row['action']}: states {states}")
    if not (relation | unless) <= frozenset(RELATIONS[kind]):
        raise ValueError(f"{row['action']}: relations {relation | unless}")
    return Line(row["action"], kind, row["role"], relation, unless, states, states == {"*"})


def actions_by_address() -> dict[str, str]:
    """The action of each method and address pattern, as "GET /calls/<key>"."""
    text = [row for row in ADDRESSES.read_text("utf-8").splitlines() if not row.startswith("#")]
    return {f"{row['method']} {row['address']}": row["action"] for row in csv.DictReader(text)}


@cache
def kind_of(action: str) -> str:
    """What the action is done to. Raises KeyError for an action that the file does not know."""
    return {line.action: line.kind for line in lines()}[action]


@cache
def _lines_on(action: str) -> tuple[Line, ...]:
    return tuple(line for line in lines() if line.action == action)


def expected(
    action: str, roles: frozenset[str] | None, relations: frozenset[str], state: str
) -> Verdict:
    """The verdict of the file. `roles` is None for somebody not signed in."""
    said = [line for line in _lines_on(action) if line.speaks_of(roles, relations)]
    if not said:
        return Verdict.DENY
    return Verdict.ALLOW if any(line.allows(state) for line in said) else Verdict.STATE


@dataclass(frozen=True)
class Cell:
    """One question to the table."""

    action: str
    roles: frozenset[str] | None
    relations: frozenset[str]
    state: str

    @cached_property
    def actor(self) -> Actor:
        return Actor(0, frozenset()) if self.roles is None else Actor(7, self.roles)

    @cached_property
    def resource(self) -> Resource:
        return Resource("any", self.state, self.relations)

    @cached_property
    def expected(self) -> Verdict:
        return expected(self.action, self.roles, self.relations, self.state)


@cache
def cells(action: str) -> tuple[Cell, ...]:
    """Every role, every set of at most two relations, every state."""
    kind = kind_of(action)
    return tuple(
        Cell(action, roles, relations, state)
        for roles in PEOPLE
        for relations in few_relations(kind)
        for state in STATES[kind]
    )


@cache
def few_relations(kind: str) -> tuple[frozenset[str], ...]:
    """Every set of at most two relations."""
    return tuple(frozenset(c) for size in range(3) for c in combinations(RELATIONS[kind], size))


def subsets(words: tuple[str, ...]) -> list[tuple[str, ...]]:
    """All of them, the empty one first."""
    return [some for size in range(len(words) + 1) for some in combinations(words, size)]
