"""No page offers anybody a button, form or link that the server would refuse, whatever the state
of the things on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from lab.policy import Verdict
from tests.support import policy_table
from tests.support.permission_matrix.crawl import Answer, masked
from tests.support.permission_matrix.objects import (
    JOINT,
    NO_PROJECTS,
    UNDER_REVIEW,
    VISITORS,
    Thing,
)
from tests.support.permission_matrix.offers import refused
from tests.support.permission_matrix.populated_portal import the_present
from tests.support.permission_matrix.requests import Rule
from tests.support.permission_matrix.twin_portals import Worlds

# The loaders whose pages are read together, by the package that they stand in.
PARTS = (
    *("calls", "proposals", "reviews", "decisions", "portfolio", "indicators", "scenarios"),
    *("reports", "identity", "releases", "inbox", "workdays", ""),
)
LEADS_ON = {"checks.next_proposal", "indicators.entry"}  # these lead to another page
NO_PAGES = ("file.download", "file.preview", "health")
Offered = list[tuple[Thing, Rule]]


def part_of(rule: Rule) -> str:
    return rule.loader.partition(".")[0]


def is_page(rule: Rule) -> bool:
    shown = rule.method == "GET" and rule.action not in NO_PAGES
    return shown and not rule.pattern.endswith(("/state", "/template"))


def settings_of(worlds: Worlds, part: str) -> dict[tuple[str, tuple[str, ...]], Offered]:
    """By state, named and as statements: the pages to read in it and the things that they show."""
    found: dict[tuple[str, tuple[str, ...]], Offered] = {}
    for rule in worlds.rules:
        if is_page(rule) and part_of(rule) == part:
            for thing in worlds.things[rule.loader]:
                for state in thing.states:
                    if state not in thing.missing_in:
                        found.setdefault((state, thing.states[state]), []).append((thing, rule))
    return found


def readers(pages: Offered, state: str) -> Iterator[tuple[str, list[str]]]:
    """Everybody who may see a page, with the addresses: once for those who stand alike to the
    things, and each by himself where there is none, for lists and notices differ."""
    tried = set()
    for name, roles in VISITORS.items():
        lists = any(thing.kind == "none" for thing, _ in pages)
        alike = (name if lists else roles, *(thing.stands(name, state) for thing, _ in pages))
        mine = [
            rule.path(thing.arguments)
            for thing, rule in pages
            if policy_table.expected(rule.action, roles, thing.stands(name, state), state)
            is Verdict.ALLOW
        ]
        if name != "anonymous" and mine and alike not in tried:
            tried.add(alike)
            yield name, mine


def read(worlds: Worlds, name: str, paths: list[str]) -> dict[str, Answer]:
    visitor = worlds.crowd.visitors[name]
    return {path: masked(visitor.send("GET", path)) for path in dict.fromkeys(paths)}


def undrawn(worlds: Worlds, part: str, drawn: set[str]) -> set[str]:
    """The pages of the map that nobody was shown of this part."""
    return {
        rule.endpoint
        for rule in worlds.rules
        if is_page(rule) and part_of(rule) == part and rule.endpoint not in LEADS_ON
        if drawn.isdisjoint(rule.path(thing.arguments) for thing in worlds.things[rule.loader])
    }


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part or "no object")
def test_no_page_offers_what_the_server_would_refuse(worlds: Worlds, part: str) -> None:
    wrong, drawn = [], set[str]()
    for (state, statements), pages in settings_of(worlds, part).items():
        worlds.enter(statements)
        with the_present():
            for name, paths in readers(pages, state):
                answers = read(worlds, name, paths)
                drawn |= {path for path, answer in answers.items() if answer.status == 200}
                told = refused(worlds.app, worlds.world.people[name], answers)
                wrong += [f"{name} in {state or '-'}: {offer}" for offer in told]
    assert (wrong, undrawn(worlds, part, drawn)) == ([], set())


@dataclass(frozen=True)
class Moment:
    """A state beside those of the things, in which some page would offer too much."""

    statements: tuple[str, ...]
    path: str  # {proposal} and the like stand for keys of the world
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
def test_nothing_is_offered_too_early_or_too_late(worlds: Worlds, moment: str) -> None:
    now, wrong = MOMENTS[moment], []
    worlds.enter(now.statements)
    path = now.path.format_map(vars(worlds.world))
    with the_present():
        for name in now.readers:
            answers = read(worlds, name, [path])
            assert answers[path].status == 200, name
            told = refused(worlds.app, worlds.world.people[name], answers)
            wrong += [f"{name}: {offer}" for offer in told]
    assert wrong == []


def test_every_part_of_the_portal_is_looked_at(worlds: Worlds) -> None:
    assert {part_of(rule) for rule in worlds.rules if is_page(rule)} == set(PARTS)
