"""How wrong passwords slow down the next try, as tables."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from lab.identity.rules.throttle import (
    ADDRESS_MEMORY,
    DAY,
    MAX_ADDRESS_ROWS,
    MAX_PAIR_ROWS,
    Attempts,
    counted_attempts,
    delay,
    name_may_try,
    pair_may_try,
    pause,
    seconds_to_wait,
    source,
)

NOON = datetime(2022, 7, 1, 4, 0, tzinfo=UTC)


def ago(**span: float) -> datetime:
    return NOON - timedelta(**span)


@pytest.mark.parametrize(
    ("address", "counts_as"),
    [
        ("10.0.0.1", "10.0.0.1"),
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:db8:0:0:ffff::2", "2001:db8::/64"),
        ("2001:db8:0:1::1", "2001:db8:0:1::/64"),
        ("::ffff:10.0.0.1", "10.0.0.1"),
        ("::1", "::1"),
        ("::10.0.0.1", "::a00:1"),
        ("64:ff9b::10.0.0.1", "10.0.0.1"),
        ("", ""),
        ("x" * 50, "x" * 40),
    ],
)
def test_tries_count_for_the_machine_they_come_from(address: str, counts_as: str) -> None:
    assert source(address) == counts_as


@pytest.mark.parametrize(
    ("failures", "minutes"),
    [(0, 0), (4, 0), (5, 1), (6, 2), (7, 4), (8, 8), (9, 15), (10, 15), (10**6, 15)],
)
def test_the_pause_doubles_from_one_to_fifteen_minutes(failures: int, minutes: int) -> None:
    assert pause(failures) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [(0, 0), (19, 0), (20, 1), (21, 2), (22, 3), (23, 4), (24, 5), (25, 5), (10**6, 5)],
)
def test_the_delay_of_an_address_is_at_most_five_seconds(failures: int, seconds: int) -> None:
    assert delay(failures) == seconds


@pytest.mark.parametrize(
    ("failed", "running", "may"),
    [
        ([], [], True),
        ([ago(seconds=1)] * 4, [], True),
        ([ago(seconds=1)] * 4, [NOON], False),  # the fifth is being tried
        ([], [NOON] * 4, True),
        ([], [NOON] * 5, False),
        ([ago(seconds=59)] * 5, [], False),
        ([ago(seconds=60)] * 5, [], True),
        ([ago(seconds=60)] * 5, [NOON], False),  # one at a time after a pause
        ([*[ago(hours=1)] * 5, ago(seconds=119)], [], False),
        ([*[ago(hours=1)] * 5, ago(seconds=120)], [], True),
        ([ago(minutes=14, seconds=59)] * 30, [], False),
        ([ago(minutes=15)] * 30, [], True),
        ([NOON + timedelta(days=1)] * 9, [], False),  # the clock was set back: counts from now
    ],
)
def test_a_name_is_tried_from_one_address_outside_its_pause(
    failed: list[datetime], running: list[datetime], may: bool
) -> None:
    assert pair_may_try(Attempts(tuple(failed), tuple(running)), NOON) is may


@pytest.mark.parametrize(
    ("failed", "running", "known", "may"),
    [
        (29, 0, False, True),
        (29, 1, False, False),
        (30, 0, False, False),
        (30, 0, True, True),
        (900, 9, True, True),
    ],
)
def test_after_thirty_a_day_a_name_is_tried_from_known_addresses(
    failed: int, running: int, known: bool, may: bool
) -> None:
    tries = Attempts((NOON,) * failed, (NOON,) * running)
    assert name_may_try(tries, known_address=known) is may


@pytest.mark.parametrize(
    ("failures", "last", "seconds"),
    [
        (19, NOON, 0),
        (20, NOON, 1),
        (20, ago(seconds=1), 0),
        (24, NOON, 5),
        (24, ago(milliseconds=1), 5),
        (24, ago(seconds=4.2), 1),
        (24, ago(seconds=5), 0),
        (24, NOON + timedelta(hours=9), 5),  # the clock was set back: never more than five
    ],
)
def test_an_address_waits_whole_seconds(failures: int, last: datetime, seconds: int) -> None:
    assert seconds_to_wait(Attempts((*[ago(minutes=9)] * (failures - 1), last)), NOON) == seconds


def test_many_who_sign_in_at_once_do_not_wait_for_each_other() -> None:
    attempts = (NOON,) * 200
    assert seconds_to_wait(Attempts(running=attempts), NOON) == 0
    assert seconds_to_wait(Attempts((ago(minutes=9),) * MAX_ADDRESS_ROWS, attempts), NOON) == 5


def test_failures_fade_and_what_was_cut_off_never_counts() -> None:
    moments = [
        (ago(hours=24), False),
        (ago(hours=23), False),
        (ago(seconds=60), True),
        (ago(seconds=59), True),
        (NOON + timedelta(hours=1), False),
    ]
    tries = counted_attempts(moments, NOON, DAY)
    assert (len(tries.failed), len(tries.running)) == (2, 1)
    assert counted_attempts([(ago(minutes=15), False)], NOON, ADDRESS_MEMORY).count == 0
    assert tries.ahead_of(NOON) and not Attempts((NOON,)).ahead_of(NOON)


def test_forgotten_attempts_would_change_nothing() -> None:
    assert pause(MAX_PAIR_ROWS) == pause(MAX_PAIR_ROWS + 1) == timedelta(minutes=15)
    assert delay(MAX_ADDRESS_ROWS) == delay(MAX_ADDRESS_ROWS + 1) == 5
    assert delay(MAX_ADDRESS_ROWS - 1) == 4, "one right password is felt at once"
