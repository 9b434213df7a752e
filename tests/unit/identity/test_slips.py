"""Activation slips: how a code is typed, how long it holds, who may have one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from lab.identity.rules.slips import (
    ALPHABET,
    SlipState,
    code_digest,
    expiry,
    may_have_slip,
    new_code,
    slip_state,
)

NOW = datetime(2022, 7, 1, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    "typed",
    [
        "kmpw-tgdx-4827-rhsa",
        " KMPW TGDX 4827 RHSA ",
        "ＫＭＰＷ－ＴＧＤＸ－４８２７－ＲＨＳＡ",
        "KMPWTGDX4827RHSA",
    ],
)
def test_a_code_is_the_same_however_it_is_typed(typed: str) -> None:
    assert code_digest("lisi", typed) == code_digest("lisi", "KMPW-TGDX-4827-RHSA")


def test_a_code_opens_no_other_account() -> None:
    assert code_digest("lisi", "KMPW") != code_digest("wangwu", "KMPW")


def test_codes_are_long_differ_and_have_no_ambiguous_letter() -> None:
    codes = {new_code() for _ in range(200)}
    assert len(codes) == 200
    assert all(len(code.replace("-", "")) == 16 for code in codes)
    assert set("".join(codes)) <= {*ALPHABET, "-"}
    assert not {"0", "O", "1", "I", "L"} & set(ALPHABET)


def test_a_slip_holds_to_the_end_of_the_fourteenth_day() -> None:
    until = expiry(NOW)  # the first of July at ten in Beijing
    assert until == datetime(2022, 7, 15, 15, 59, 59, 999999, tzinfo=UTC)
    second = timedelta(seconds=1)
    assert slip_state(until, None, None, until) is SlipState.VALID
    assert slip_state(until, None, None, until + second) is SlipState.EXPIRED


@pytest.mark.parametrize(
    ("used", "void", "state"),
    [
        (NOW, None, SlipState.USED),
        (None, NOW, SlipState.VOID),
        (None, None, SlipState.VALID),
    ],
)
def test_a_slip_says_how_it_stands(
    used: datetime | None, void: datetime | None, state: SlipState
) -> None:
    assert slip_state(expiry(NOW), used, void, NOW) is state


@pytest.mark.parametrize(
    ("has_password", "disabled", "roles", "may"),
    [
        (False, False, [], True),
        (False, False, ["applicant"], True),
        (True, False, [], False),
        (False, True, [], False),
        (False, False, ["reviewer"], False),
        (False, False, ["applicant", "office"], False),
        (False, False, ["system"], False),
    ],
)
def test_only_a_plain_account_without_password_has_a_slip(
    has_password: bool, disabled: bool, roles: list[str], may: bool
) -> None:
    assert may_have_slip(has_password=has_password, disabled=disabled, roles=roles) is may
