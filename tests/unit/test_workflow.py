"""Lifecycles: one table each, no dead ends by mistake, nothing possible that is not in it."""

from __future__ import annotations

import re

import pytest

from lab.calls.rules.lifecycle import CALL
from lab.decisions.rules.lifecycle import DECISION
from lab.indicators.rules.lifecycle import ENTRY
from lab.portfolio.rules.lifecycle import PROJECT
from lab.proposals.rules.lifecycle import PROPOSAL
from lab.proposals.rules.withdrawal import WITHDRAWAL
from lab.releases.rules.lifecycle import RELEASE
from lab.reports.rules.lifecycle import REPORT
from lab.reviews.rules.lifecycle import SHEET
from lab.workflow import TONES, State, StateMachine, Transition, TransitionRejected, labels

MACHINES = (CALL, PROPOSAL, WITHDRAWAL, SHEET, DECISION, PROJECT, ENTRY, REPORT, RELEASE)
# Where nothing more can happen; every other state has a way on.
ENDS = {
    "call": {"archived"},
    "proposal": {"refused", "approved", "reserved", "declined", "withdrawn"},
    "withdrawal": {"agreed", "refused", "dropped", "done"},
    "sheet": {"recused", "abstained"},
    "decision": {"published"},
    "project": {"closed", "terminated"},
    "entry": {"superseded"},
    "report": set(),  # a file that was lost is made again
    "release": {"done", "refused", "withdrawn", "expired"},
}
each = pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.name)
CHINESE = re.compile("[\u4e00-\u9fff，]+")


@each
def test_every_state_can_be_reached(machine: StateMachine) -> None:
    assert machine.reachable() == set(machine.codes)


@each
def test_work_ends_only_where_it_is_meant_to(machine: StateMachine) -> None:
    assert {code for code in machine.codes if not machine.transitions_from(code)} == ENDS[
        machine.name
    ]


@each
def test_labels_are_chinese_and_tones_are_known(machine: StateMachine) -> None:
    for state in machine.states:
        assert CHINESE.fullmatch(state.label), state
        assert state.tone in TONES
    for step in machine.transitions:
        assert CHINESE.fullmatch(step.label), step
    shown = [state.label for state in machine.states]
    assert len(shown) == len(set(shown)), "two states that read the same"


@each
def test_exactly_the_listed_transitions_are_possible(machine: StateMachine) -> None:
    acts = {step.action for step in machine.transitions}
    table = {
        (source, step.action): step.target
        for step in machine.transitions
        for source in step.sources
    }
    for code in machine.codes:
        for act in acts:
            assert machine.allows(code, act) is ((code, act) in table)
            if (code, act) in table:
                assert machine.transition_for(code, act).target == table[code, act]
                continue
            with pytest.raises(TransitionRejected) as caught:
                machine.transition_for(code, act)
            assert machine.state(code).label in caught.value.message
            assert caught.value.message.endswith("。")


@each
def test_unknown_actions_and_states_are_rejected(machine: StateMachine) -> None:
    with pytest.raises(TransitionRejected):
        machine.transition_for(machine.initial, "no_such_act")
    with pytest.raises(KeyError):
        machine.transition_for("no_such_state", machine.transitions[0].action)


def test_decisions_pass_through_the_leading_group() -> None:
    assert DECISION.sources("publish") == {"approved"}
    assert DECISION.sources("approve") == {"submitted"}
    assert {s.action for s in DECISION.transitions if s.target == "approved"} == {"approve"}


def test_a_value_is_approved_only_after_its_leader_confirmed_it() -> None:
    assert ENTRY.sources("approve") == {"confirmed"}
    assert {s.action for s in ENTRY.transitions if s.target == "confirmed"} == {"confirm"}


def test_a_proposal_under_review_is_locked() -> None:
    for state in ("reviewing", "reviewed", "approved"):
        assert not PROPOSAL.allows(state, "withdraw")
        assert not PROPOSAL.allows(state, "submit")


def test_a_table_with_a_mistake_is_not_accepted() -> None:
    states = (State("a", "甲"), State("b", "乙"))
    with pytest.raises(ValueError, match="unknown state"):
        StateMachine("m", states, (Transition("go", "去", ("a",), "c"),))
    with pytest.raises(ValueError, match="twice"):
        StateMachine(
            "m", states, (Transition("go", "去", ("a",), "b"), Transition("go", "去", ("a",), "a"))
        )
    with pytest.raises(ValueError, match="tone"):
        State("a", "甲", "pink")


def test_a_group_names_states_of_the_table_once_and_in_order() -> None:
    machine = StateMachine("m", tuple(State(code, "甲") for code in "abc"), ())
    assert machine.group("a", "c") == ("a", "c")
    assert machine.group_from("b") == ("b", "c")
    assert machine.groups == (("a", "c"), ("b", "c"))
    for wrong in ((), ("a", "x"), ("b", "a"), ("a", "a")):
        with pytest.raises(ValueError, match="order of the table"):
            machine.group(*wrong)
    with pytest.raises(ValueError, match="a name already"):
        machine.group("a", "c")


def test_states_are_listed_by_their_labels() -> None:
    assert labels(CALL, ("draft", "open")) == "草稿、征集中"
