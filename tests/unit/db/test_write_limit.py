"""Writers that wait for the lock leave threads to readers."""

from __future__ import annotations

import threading

import pytest

from lab.db.connection.write_limit import STALL_SECONDS, WriterLimit, WritersBusy


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def gate(clock: Clock) -> WriterLimit:
    made = WriterLimit(clock)
    made.set_capacity(2)
    return made


def test_any_number_may_wait_where_no_limit_is_set() -> None:
    gate = WriterLimit()
    for _ in range(99):
        gate.acquire()


def test_nobody_waits_behind_writers_that_do_not_get_on(gate: WriterLimit, clock: Clock) -> None:
    gate.acquire(), gate.acquire()
    clock.now += STALL_SECONDS
    with pytest.raises(WritersBusy):
        gate.acquire()
    gate.release(made_progress=False)
    gate.acquire()
    with pytest.raises(WritersBusy):  # the lock is still held: at once, without another wait
        gate.acquire()


def test_after_the_lock_was_had_waiting_is_of_use_again(gate: WriterLimit, clock: Clock) -> None:
    gate.acquire(), gate.acquire()
    gate.release(made_progress=False)
    gate.acquire()
    gate.release(made_progress=True)
    gate.acquire()
    gate.release(made_progress=None)
    passed = threading.Event()
    gate.acquire()

    def third() -> None:
        gate.acquire()
        passed.set()

    waiting = threading.Thread(target=third)
    waiting.start()
    assert not passed.wait(0.05)
    gate.release(made_progress=True)
    waiting.join()
    assert passed.is_set()


def test_who_is_in_a_hurry_waits_no_longer_than_it_says(gate: WriterLimit, clock: Clock) -> None:
    gate.acquire(), gate.acquire()
    clock.now += 0.2
    with pytest.raises(WritersBusy):
        gate.acquire(0.2)
