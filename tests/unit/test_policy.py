"""The table of permissions against the one written by hand, cell by cell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from lab import policy
from lab.policy import NOBODY, RELATIONS, TABLE, Actor, Grant, Resource, Verdict, decide
from tests.support import policy_table
from tests.support.policy_table import Cell, cells
from tests.support.policy_verdicts import Row, everybody, expected_verdicts, few, verdicts

OFFICE = Actor(1, frozenset({"office"}))


def in_words(cell: Cell, said: Verdict) -> str:
    who = "nobody" if cell.roles is None else "+".join(sorted(cell.roles)) or "staff"
    how = "+".join(sorted(cell.relations)) or "-"
    where = f"{cell.action}: {who}, {how}, {cell.state or '-'}"
    return f"{where}: {said.value}, not {cell.expected.value}"


def test_the_file_and_the_table_know_the_same_actions() -> None:
    assert {line.action for line in policy_table.lines()} == set(TABLE)


@pytest.mark.parametrize("action", sorted(TABLE))
def test_every_cell_is_as_the_office_wants_it(action: str) -> None:
    said = ((cell, decide(action, cell.actor, cell.resource)) for cell in cells(action))
    assert [in_words(cell, verdict) for cell, verdict in said if verdict is not cell.expected] == []


def flips(grant: Grant, words: tuple[str, ...], codes: tuple[str, ...]) -> Iterator[Grant]:
    """Everything that could be wrong with one cell: wider, narrower, another role."""
    for role in (*policy.BUSINESS_ROLES, *policy.ADMIN_ROLES, "staff", "anyone", "public"):
        yield replace(grant, role=role)
    for word in words:
        yield replace(grant, relations=grant.relations ^ {word})
        yield replace(grant, unless=grant.unless ^ {word})
    now = grant.states or frozenset(codes)
    for code in codes:
        yield replace(grant, states=now ^ {code} or frozenset({"nowhere"}))
    yield replace(grant, states=frozenset())
    yield replace(grant, relations=frozenset())
    yield replace(grant, unless=frozenset())


def mutants(action: str) -> Iterator[Row]:
    """The action's row with one thing in one cell changed."""
    kind, row = policy_table.kind_of(action), TABLE[action]
    for at, grant in enumerate(row):
        for flipped in flips(grant, policy_table.RELATIONS[kind], policy_table.STATES[kind]):
            if flipped != grant:
                yield (*row[:at], flipped, *row[at + 1 :])


def is_noticed(mutant: Row, action: str) -> bool:
    """Whether a cell of the comparison with the file says something else than the file."""
    return verdicts(mutant, few(policy_table.kind_of(action))) != expected_verdicts(action)


def makes_a_difference(mutant: Row, action: str) -> bool:
    """Whether anybody at all, standing in whatever relations, would get another verdict: asked of
    many more cells than those that are compared with the file."""
    anybody = everybody(policy_table.kind_of(action))
    return verdicts(TABLE[action], anybody) != verdicts(mutant, anybody)


@pytest.mark.parametrize("action", sorted(TABLE))
def test_a_cell_taken_out_of_the_table_is_noticed(action: str) -> None:
    row = TABLE[action]
    for at in range(len(row)):
        less = row[:at] + row[at + 1 :]
        assert is_noticed(less, action), f"{action}: cell {at} may be missing unnoticed"


def test_every_change_of_a_cell_is_noticed() -> None:
    """A change that makes no difference to anybody (a role already let in by another cell) is
    none; every other one must be seen by a cell of the comparison."""
    unnoticed, seen = [], 0
    for action in TABLE:
        for mutant in mutants(action):
            if is_noticed(mutant, action):
                seen += 1
            elif makes_a_difference(mutant, action):
                unnoticed.append((action, mutant))
    assert unnoticed == []
    assert seen > 1500


def test_an_unknown_action_is_refused_to_everybody() -> None:
    for roles in policy_table.PEOPLE:
        actor = NOBODY if roles is None else Actor(3, roles)
        assert decide("no.such.act", actor) is Verdict.DENY
        assert not policy.allowed("no.such.act", actor, Resource("call", "draft"))


def test_wrong_state_and_wrong_person_differ() -> None:
    draft, archived = Resource("call", "draft"), Resource("call", "archived")
    assert decide("call.publish", OFFICE, draft) is Verdict.ALLOW
    assert decide("call.publish", OFFICE, archived) is Verdict.STATE
    assert decide("call.publish", Actor(2, frozenset({"leading"})), draft) is Verdict.DENY


def test_an_action_on_an_object_needs_one() -> None:
    assert decide("proposal.edit", Actor(2, frozenset({"applicant"}))) is Verdict.DENY


def test_the_policy_uses_only_known_roles_and_states() -> None:
    roles = {*policy.BUSINESS_ROLES, *policy.ADMIN_ROLES, "staff", "anyone", "public"}
    for action, row in TABLE.items():
        kind = policy_table.kind_of(action)
        for grant in row:
            assert grant.role in roles, action
            assert grant.relations | grant.unless <= RELATIONS.keys(), action
            assert grant.relations | grant.unless <= set(policy_table.RELATIONS[kind]), action
            assert grant.states <= set(policy_table.STATES[kind]), action


def test_every_relation_is_explained_and_used() -> None:
    used = {name for row in TABLE.values() for g in row for name in g.relations | g.unless}
    assert used == RELATIONS.keys()


def test_every_role_has_its_chinese_name() -> None:
    used = {grant.role for row in TABLE.values() for grant in row}
    assert used <= policy.ROLE_LABELS.keys()
