"""Who may receive what is handed over, as tables."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from lab.handover import rules as general
from lab.handover.rules import HeldItem, Receiver, general_obstacle
from lab.policy import APPLICANT, LEADING, OFFICE, REVIEWER, SYSTEM
from lab.portfolio.rules import handover as project_rules
from lab.portfolio.rules.lifecycle import ProjectStatus
from lab.proposals.rules import handover as proposal_rules
from lab.proposals.rules.lifecycle import ProposalStatus

OWN, PARTNER, OTHER = 1, 2, 3  # units
GIVER, CLERK, WRITER, MEMBER = 10, 11, 12, 13  # people


def somebody(
    unit: int | None = OWN, roles: Iterable[str] = (APPLICANT,), id: int = 20, **state: bool
) -> Receiver:
    return Receiver(id, "key", "某某", unit, "某单位", frozenset(roles), **state)


def item(status: str) -> HeldItem:
    return HeldItem(
        "key",
        "名称",
        "状态",
        status,
        unit_ids=frozenset({OWN}),
        people_ids=frozenset({MEMBER}),
        barred_ids=frozenset({WRITER}),
    )


@pytest.mark.parametrize(
    ("receiver", "obstacle"),
    [
        (somebody(), ""),
        (somebody(enabled=False), general.NOT_IN_USE),
        (somebody(activated=False), general.NOT_ACTIVATED),
        (somebody(id=GIVER), general.IS_GIVER),
        (somebody(id=CLERK), general.IS_CLERK),
    ],
)
def test_nobody_receives_who_left_gives_or_decides(receiver: Receiver, obstacle: str) -> None:
    assert general_obstacle(receiver, GIVER, CLERK) == obstacle


@pytest.mark.parametrize(
    ("receiver", "obstacle"),
    [
        (somebody(), ""),
        (somebody(roles=(APPLICANT, REVIEWER)), ""),
        (somebody(OTHER), proposal_rules.OTHER_UNIT),
        (somebody(roles=()), proposal_rules.NO_APPLICANT),
        (somebody(roles=(REVIEWER,)), proposal_rules.NO_APPLICANT),
        (somebody(roles=(OFFICE, LEADING)), proposal_rules.NO_APPLICANT),
        (somebody(None, (SYSTEM,)), proposal_rules.NO_APPLICANT),
    ],
)
def test_a_draft_goes_to_an_applicant_of_its_unit(receiver: Receiver, obstacle: str) -> None:
    for status in (ProposalStatus.DRAFT, ProposalStatus.RETURNED, ProposalStatus.SUBMITTED):
        assert proposal_rules.draft_obstacle(item(status), receiver) == obstacle


@pytest.mark.parametrize(
    ("receiver", "obstacle"),
    [
        (somebody(), ""),
        (somebody(roles=()), ""),
        (somebody(PARTNER), proposal_rules.OTHER_PARTNER),
        (somebody(id=WRITER), proposal_rules.TAKES_PART),
        (somebody(None, (SYSTEM,)), proposal_rules.NOT_ENTITLED),
    ],
)
def test_a_confirmation_stays_within_the_partner_unit(receiver: Receiver, obstacle: str) -> None:
    held = item(ProposalStatus.DRAFT)
    assert proposal_rules.confirmation_obstacle(held, receiver) == obstacle


@pytest.mark.parametrize(
    ("receiver", "obstacle"),
    [
        (somebody(), ""),
        (somebody(roles=()), ""),
        (somebody(OTHER, id=MEMBER), ""),
        (somebody(OTHER), project_rules.OUTSIDE),
        (somebody(None, (SYSTEM,)), project_rules.NOT_ENTITLED),
    ],
)
def test_a_project_goes_to_its_team_or_its_units(receiver: Receiver, obstacle: str) -> None:
    for status in (ProjectStatus.AWAITING_CHARTER, ProjectStatus.RUNNING, ProjectStatus.PAUSED):
        assert project_rules.leader_obstacle(item(status), receiver) == obstacle
