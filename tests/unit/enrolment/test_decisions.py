"""When a requested role can be granted, and by whom."""

from __future__ import annotations

import pytest

from lab.enrolment.rules.decisions import (
    DISABLED,
    FIRST_PASSWORD,
    LINKED,
    NOT_ACTIVATED,
    OWN,
    Account,
    reason_not_to_decide,
    reason_to_wait,
)

OPEN = Account(disabled=False, has_password=True, must_change=False)
NEW = Account(disabled=False, has_password=False, must_change=True)
RESET = Account(disabled=False, has_password=True, must_change=True)
CLOSED = Account(disabled=True, has_password=True, must_change=False)


@pytest.mark.parametrize(
    ("role", "account", "reason"),
    [
        ("applicant", NEW, ""),
        ("applicant", OPEN, ""),
        ("reviewer", NEW, NOT_ACTIVATED),
        ("office", NEW, NOT_ACTIVATED),
        ("leading", RESET, FIRST_PASSWORD),
        ("reviewer", OPEN, ""),
        ("applicant", CLOSED, DISABLED),
    ],
)
def test_a_role_waits_until_nobody_else_knows_the_password(
    role: str, account: Account, reason: str
) -> None:
    assert reason_to_wait(role, account) == reason


@pytest.mark.parametrize(
    ("relations", "reason"),
    [
        (set(), ""),
        ({"asker"}, OWN),
        ({"concerned"}, OWN),
        ({"linked"}, LINKED),
        ({"linked", "asker"}, OWN),
    ],
)
def test_nobody_decides_what_he_has_a_hand_in(relations: set[str], reason: str) -> None:
    assert reason_not_to_decide(relations) == reason
