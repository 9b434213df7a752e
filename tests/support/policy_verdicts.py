"""The verdicts of a whole row of the policy at once: numbers with a bit for each question.

Most changes of a row leave most of its cells as they are, and what a cell says of persons does
not depend on the state: asked one by one, thousands of rows would be the same questions again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache, reduce
from operator import or_

from lab.policy import ADMIN_ROLES, BUSINESS_ROLES, Grant, Resource, Verdict
from tests.support.policy_table import (
    PEOPLE,
    RELATIONS,
    STATES,
    Cell,
    expected,
    few_relations,
    kind_of,
    subsets,
)

Row = tuple[Grant, ...]
# Of whom a row speaks at all, and for each state who may.
Verdicts = tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Questions:
    """Persons in their relations to an object, each asked in every state."""

    asked: tuple[Cell, ...]
    states: tuple[str, ...]


def _questions(
    kind: str, people: Iterable[frozenset[str] | None], relations: Iterable[frozenset[str]]
) -> Questions:
    sets = list(relations)
    return Questions(tuple(Cell("", p, r, "") for p in people for r in sets), STATES[kind])


@cache
def few(kind: str) -> Questions:
    """The same as `policy_table.cells`."""
    return _questions(kind, PEOPLE, few_relations(kind))


@cache
def everybody(kind: str) -> Questions:
    """Every set of business roles, every administrator, every set of relations, every state."""
    holders = map(frozenset, subsets(BUSINESS_ROLES))
    people = (None, *holders, *(frozenset({role}) for role in ADMIN_ROLES))
    return _questions(kind, people, map(frozenset, subsets(RELATIONS[kind])))


def verdicts(row: Row, questions: Questions) -> Verdicts:
    """What the row says to each question."""
    persons = [(grant, _persons(replace(grant, states=frozenset()), questions)) for grant in row]
    in_states = (
        _union(found for grant, found in persons if grant.matches_state(Resource("any", state)))
        for state in questions.states
    )
    return (_union(found for _, found in persons), *in_states)


@cache
def expected_verdicts(action: str) -> Verdicts:
    """What the file says to the questions of `few`."""
    questions = few(kind_of(action))
    said = [
        [expected(action, cell.roles, cell.relations, state) for cell in questions.asked]
        for state in questions.states
    ]
    spoken_of = _bits(verdict is not Verdict.DENY for verdict in said[0])
    return (spoken_of, *(_bits(v is Verdict.ALLOW for v in answers) for answers in said))


@cache
def _persons(grant: Grant, questions: Questions) -> int:
    return _bits(grant.matches_person(cell.actor, cell.resource) for cell in questions.asked)


def _bits(answers: Iterable[bool]) -> int:
    return int("".join("01"[answer] for answer in answers), 2)


def _union(found: Iterable[int]) -> int:
    return reduce(or_, found, 0)
