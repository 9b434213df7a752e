"""No page offers anybody a button, form or link that the server would refuse, whatever the state
of the objects on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from lab.policy import Verdict
from tests.support import policy_table
from tests.support.permission_matrix.crawl import Answer
from tests.support.permission_matrix.objects import VISITORS, PolicyObject
from tests.support.permission_matrix.offers import refused
from tests.support.permission_matrix.populated_portal import request_time
from tests.support.permission_matrix.requests import Rule
from tests.support.permission_matrix.states import JOINT, NO_PROJECTS, UNDER_REVIEW
from tests.support.permission_matrix.twin_portals import TwinPortals

# The loaders whose pages are read together, by the package that they stand in.
PARTS = (
    *("calls", "proposals", "reviews", "decisions", "portfolio", "indicators", "scenarios"),
    *("reports", "identity", "releases", "inbox", "workdays", "importing", "handover"),
    *("enrolment", ""),
)
LEADS_ON = {"checks.next_proposal", "indicators.entry"}  # these lead to another page
NO_PAGES = ("file.download", "file.preview", "health")
Offered = list[tuple[PolicyObject, Rule]]


def part_of(rule: Rule) -> str:
    return rule.loader.partition(".")[0]


def is_page(rule: Rule) -> bool:
    shown = rule.method == "GET" and rule.action not in NO_PAGES
    return shown and not rule.pattern.endswith(("/state", "/template"))


def settings_of(twin_portals: TwinPortals, part: str) -> dict[tuple[str, tuple[str, ...]], Offered]:
    """By state, named and as statements: the pages to read in it and the objects they show."""
    found: dict[tuple[str, tuple[str, ...]], Offered] = {}
    for rule in twin_portals.rules:
        if is_page(rule) and part_of(rule) == part:
            for obj in twin_portals.policy_objects[rule.loader]:
                for state in obj.states:
                    if state not in obj.missing_in:
                        found.setdefault((state, obj.states[state]), []).append((obj, rule))
    return found


def readers(pages: Offered, state: str) -> Iterator[tuple[str, list[str]]]:
    """Everybody who may see a page, with the addresses: once for people with the same
    relations to the objects, and one by one where there is no object: lists and notices differ."""
    tried = set()
    for name, roles in VISITORS.items():
        lists = any(obj.kind == "none" for obj, _ in pages)
        alike = (name if lists else roles, *(obj.relations(name, state) for obj, _ in pages))
        mine = [
            rule.path(obj.arguments)
            for obj, rule in pages
            if policy_table.expected(rule.action, roles, obj.relations(name, state), state)
            is Verdict.ALLOW
        ]
        if name != "anonymous" and mine and alike not in tried:
            tried.add(alike)
            yield name, mine


def read(twin_portals: TwinPortals, name: str, paths: list[str]) -> dict[str, Answer]:
    visitor = twin_portals.visitors[name]
    return {path: twin_portals.answers.get(visitor, path) for path in dict.fromkeys(paths)}


def undrawn(twin_portals: TwinPortals, part: str, drawn: set[str]) -> set[str]:
    """The pages of the map that nobody was shown of this part."""
    return {
        rule.endpoint
        for rule in twin_portals.rules
        if is_page(rule) and part_of(rule) == part and rule.endpoint not in LEADS_ON
        if drawn.isdisjoint(
            rule.path(obj.arguments) for obj in twin_portals.policy_objects[rule.loader]
        )
    }


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part or "no object")
def test_no_page_offers_what_the_server_would_refuse(twin_portals: TwinPortals, part: str) -> None:
    wrong, drawn = [], set[str]()
    for (state, statements), pages in settings_of(twin_portals, part).items():
        twin_portals.enter(statements)
        with request_time():
            for name, paths in readers(pages, state):
                answers = read(twin_portals, name, paths)
                drawn |= {path for path, answer in answers.items() if answer.status == 200}
                told = refused(twin_portals.app, twin_portals.portal.people[name], answers)
                wrong += [f"{name} in {state or '-'}: {offer}" for offer in told]
    assert (wrong, undrawn(twin_portals, part, drawn)) == ([], set())


@dataclass(frozen=True)
class Moment:
    """A further state in which some page might offer too much."""

    statements: tuple[str, ...]
    path: str  # {proposal} and the like are replaced by keys of the portal
    readers: tuple[str, ...]


def listed(status: str) -> tuple[str, ...]:
    """The list of what is to be approved, in this state and not public yet."""
    return (
        *UNDER_REVIEW[:1],
        *NO_PROJECTS,
        "UPDATE proposal SET status = 'reviewed', closed_at = NULL",
        f"UPDATE decision SET status = '{status}', published_at = NULL",
    )


MOMENTS = {
    "no call yet": Moment(("DELETE FROM call",), "/calls", ("office", "applicant", "leading")),
    "a call of old without criteria": Moment(
        (
            "UPDATE call SET status = 'archived', archived_at = announced_at",
            "DELETE FROM criterion",
        ),
        "/calls/{call}",
        ("office", "applicant"),
    ),
    "a ranking that is not final": Moment(UNDER_REVIEW, "/rounds/{call}/ranking", ("office",)),
    "figures sent back of a project that pauses": Moment(
        (
            "UPDATE project SET status = 'paused', status_reason = '暂缓' "
            "WHERE id IN (SELECT project_id FROM entry)",
            "UPDATE entry SET status = 'returned', return_reason = '请补充' WHERE status = 'draft'",
        ),
        "/projects/{project}/indicators",
        ("leader", "office"),
    ),
    "withdrawn before the partner unit answered": Moment(
        (*JOINT["draft"], "UPDATE proposal SET status = 'withdrawn'"),
        "/proposals/{proposal}/joint",
        ("partner",),
    ),
    "a list drawn up by who is not on it": Moment(listed("draft"), "/", ("office", "office2")),
    "a list before who is not on it": Moment(listed("submitted"), "/", ("leading", "leading2")),
    "a first password that was not changed": Moment(
        ("UPDATE person SET must_change = 1",),
        "/account/password",
        ("applicant", "reviewer", "office", "system"),
    ),
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_nothing_is_offered_too_early_or_too_late(twin_portals: TwinPortals, moment: str) -> None:
    now, wrong = MOMENTS[moment], []
    twin_portals.enter(now.statements)
    path = now.path.format_map(vars(twin_portals.portal))
    with request_time():
        for name in now.readers:
            answers = read(twin_portals, name, [path])
            assert answers[path].status == 200, name
            told = refused(twin_portals.app, twin_portals.portal.people[name], answers)
            wrong += [f"{name}: {offer}" for offer in told]
    assert wrong == []


def test_every_part_of_the_portal_is_looked_at(twin_portals: TwinPortals) -> None:
    assert {part_of(rule) for rule in twin_portals.rules if is_page(rule)} == set(PARTS)
