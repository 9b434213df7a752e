"""Each group of states as the field means it, written out once; no copy of it anywhere else."""

from __future__ import annotations

from types import ModuleType

import pytest

from lab.calls.rules import lifecycle as call_lifecycle
from lab.decisions.rules import lifecycle as decision_lifecycle
from lab.proposals.rules import confirmation_lifecycle, import_lifecycle, lifecycle, withdrawal
from lab.reviews.rules import lifecycle as sheet_lifecycle
from lab.reviews.scoring import inputs
from lab.workflow import StateMachine

GROUPS = {
    call_lifecycle: """
        EDITABLE draft published open
        CHECKLIST_EDITABLE draft published open closed
        BEFORE_CLOSING published open
        BEFORE_REVIEW published open closed
        COLLECTING open closed
        ASSIGNABLE closed reviewing
        PUBLIC published open closed reviewing announced archived
        SINCE_CLOSING closed reviewing announced archived
        SINCE_REVIEW reviewing announced archived
        SINCE_RESULT announced archived
    """,
    lifecycle: """
        WRITING draft returned
        NUMBERED submitted returned refused accepted reviewing reviewed approved reserved declined \
            withdrawn
        TIMED draft submitted returned withdrawn
        BEFORE_CHECK draft submitted returned
        IN_CHECK submitted returned
        NOT_PASSED returned refused
        PASSED_CHECK accepted reviewing reviewed approved reserved declined
        IN_OR_PAST_CHECK submitted returned accepted reviewing reviewed approved reserved declined
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
    sheet_lifecycle: """
        OWED draft returned
        ASSIGNED draft submitted returned
        VISIBLE draft submitted returned abstained
        CLOSED recused abstained cancelled
    """,
    decision_lifecycle: """
        EDITABLE draft sent_back
        SUBMITTED_ONCE submitted sent_back approved published
        PUT_FORWARD submitted approved published
        DECIDED sent_back approved published
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


def test_scoring_counts_the_sheets_that_are_submitted() -> None:
    assert inputs.SUBMITTED == sheet_lifecycle.SheetState.SUBMITTED
