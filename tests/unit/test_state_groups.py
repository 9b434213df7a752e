"""Each group of states as the field means it, written out once; no copy of it anywhere else."""

from __future__ import annotations

from types import ModuleType

import pytest

from lab.proposals.rules import confirmation_lifecycle, import_lifecycle, lifecycle, withdrawal
from lab.workflow import StateMachine

GROUPS = {
    lifecycle: """
        WRITING draft returned
        NUMBERED submitted returned refused accepted reviewing reviewed approved reserved declined \
            withdrawn
        TIMED draft submitted returned withdrawn
        BEFORE_CHECK draft submitted returned
        IN_CHECK submitted returned
        NOT_PASSED returned refused
        PASSED_CHECK accepted reviewing reviewed approved reserved declined
        WITHDRAWABLE submitted returned accepted
        ASSIGNABLE accepted reviewing
        RANKED reviewing reviewed approved reserved declined
        REVIEW_OVER reviewed approved reserved declined
        DECIDED approved reserved declined
        FINAL refused approved reserved declined withdrawn
        UNSETTLED returned refused withdrawn
        OWN_TEXT draft returned refused withdrawn
        UNCOUNTED draft refused withdrawn
    """,
    confirmation_lifecycle: """
        ANSWERED confirmed returned
        CLOSED confirmed returned dropped
    """,
    import_lifecycle: """
        CHECKED ready failed imported abandoned
    """,
    withdrawal: """
        ANSWERED agreed refused
        CLOSED agreed refused dropped done
    """,
}


def machine_of(module: ModuleType) -> StateMachine:
    return next(value for value in vars(module).values() if isinstance(value, StateMachine))


@pytest.mark.parametrize("module", GROUPS, ids=lambda module: module.__name__)
def test_a_group_holds_the_states_that_the_field_means(module: ModuleType) -> None:
    groups = machine_of(module).groups
    named = {name: value for name, value in vars(module).items() if value in groups}
    lines = GROUPS[module].replace("\\\n", "").strip().splitlines()
    written = {name: tuple(states) for name, *states in map(str.split, lines)}
    assert named == written
