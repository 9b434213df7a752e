"""Each group of states as the field means it, written out once; no copy of it anywhere else."""

from __future__ import annotations

from types import ModuleType

import pytest

from lab import policy
from lab.calls.rules import lifecycle as call_lifecycle
from lab.decisions.rules import lifecycle as decision_lifecycle
from lab.enrolment.rules import lifecycle as enrolment_lifecycle
from lab.enrolment.rules import request_lifecycle
from lab.inbox.rules import mail_lifecycle
from lab.indicators.rules import lifecycle as entry_lifecycle
from lab.portfolio.rules import lifecycle as project_lifecycle
from lab.proposals.rules import lifecycle, withdrawal
from lab.proposals.rules.bulk_import import lifecycle as bulk_import_lifecycle
from lab.proposals.rules.joint import lifecycle as confirmation_lifecycle
from lab.releases.rules import lifecycle as release_lifecycle
from lab.reports.rules import lifecycle as report_lifecycle
from lab.reviews.rules import lifecycle as sheet_lifecycle
from lab.reviews.scoring import inputs
from lab.workflow import StateMachine
from tests.support.policy_table import kind_of

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
        NUMBERED submitted checked returned refused accepted reviewing reviewed approved reserved \
            declined withdrawn
        TIMED draft submitted returned withdrawn
        MATCH_CORRECTABLE checked accepted reviewing
        BEFORE_CHECK draft submitted returned
        IN_CHECK submitted checked returned
        BEFORE_OUTCOME draft submitted checked returned
        RETRACTABLE submitted returned
        NOT_PASSED returned refused
        PASSED_CHECK accepted reviewing reviewed approved reserved declined
        IN_OR_PAST_CHECK submitted checked returned accepted reviewing reviewed approved reserved \
            declined
        WITHDRAWABLE submitted returned accepted
        ASSIGNABLE accepted reviewing
        RANKED reviewing reviewed approved reserved declined
        REVIEW_OVER reviewed approved reserved declined
        DECIDED approved reserved declined
        FINAL refused approved reserved declined withdrawn
        UNSETTLED checked returned refused withdrawn
        OWN_TEXT draft checked returned refused withdrawn
        UNCOUNTED draft refused withdrawn
    """,
    confirmation_lifecycle: """
        ANSWERED confirmed returned
        ENDED_UNANSWERED dropped recalled
        CLOSED confirmed returned dropped recalled
    """,
    bulk_import_lifecycle: """
        CHECKED ready failed imported abandoned
    """,
    enrolment_lifecycle: """
        CHECKED ready failed imported abandoned
    """,
    request_lifecycle: """
        DECIDED granted refused
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
    entry_lifecycle: """
        EDITABLE draft returned
        OPEN draft submitted confirmed returned
        WAITING submitted confirmed
        BLOCKS_LOCKING submitted confirmed returned
        HANDED_IN submitted confirmed approved
        EVER_ENTERED submitted confirmed approved superseded
        EVER_CONFIRMED confirmed approved superseded
        EVER_APPROVED approved superseded
    """,
    project_lifecycle: """
        STARTED running paused trial landed awaiting_acceptance accepted closed terminated
        LIVE awaiting_charter running paused trial landed awaiting_acceptance accepted
        UNDER_WAY running paused trial landed awaiting_acceptance accepted
        IN_PROGRESS running trial
        REPORTING running trial landed
        TERMINABLE running paused trial
        HALTED paused terminated
        LANDED landed awaiting_acceptance accepted closed
        EVER_ACCEPTED accepted closed
        ENDED closed terminated
        UNLIT awaiting_charter paused closed terminated
    """,
    mail_lifecycle: """
        EVER_QUEUED waiting sending delivered failed unclear
        EVER_CLAIMED sending delivered failed unclear
        UNSETTLED waiting sending
        TROUBLED failed unclear
    """,
    release_lifecycle: """
        ENDED done refused withdrawn expired
        DECIDED done refused
        CALLED_OFF refused withdrawn
    """,
    report_lifecycle: """
        FINISHED ready failed
    """,
    decision_lifecycle: """
        EDITABLE draft sent_back
        EVER_SUBMITTED submitted sent_back approved published
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


# Policy stands below the features and cannot read their lifecycles: its names must say the same.
POLICY_KINDS = {
    "call": call_lifecycle,
    "proposal": lifecycle,
    "import": bulk_import_lifecycle,
    "people_import": enrolment_lifecycle,
    "sheet": sheet_lifecycle,
    "decision": decision_lifecycle,
    "project": project_lifecycle,
    "report": report_lifecycle,
}


@pytest.mark.parametrize("kind", POLICY_KINDS)
def test_policy_means_the_same_states_by_a_name(kind: str) -> None:
    prefix = f"_{kind.upper()}_"
    names = [name for name in vars(policy) if name.startswith(prefix)]
    assert names
    for name in names:
        group = getattr(POLICY_KINDS[kind], name.removeprefix(prefix))
        assert tuple(getattr(policy, name).split()) == group, name


def test_policy_opens_an_action_in_one_state_or_a_named_group() -> None:
    for action, row in policy.TABLE.items():
        for states in (grant.states for grant in row if len(grant.states) > 1):
            machine = machine_of(POLICY_KINDS[kind_of(action)])
            assert states in map(frozenset, machine.groups), action


def test_scoring_counts_the_sheets_that_are_submitted() -> None:
    assert inputs.SUBMITTED == sheet_lifecycle.SheetStatus.SUBMITTED
