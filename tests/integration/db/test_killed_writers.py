"""Whoever is killed while it writes leaves the kept numbers as those of a recount."""

from __future__ import annotations

import os
import random
import signal
import time

from flask import Flask

from lab import audit
from lab.calls.models.call import Call
from lab.extensions import db
from tests.integration.db.test_tallies import act, differences, kept
from tests.support.builders.calls import open_call
from tests.support.cast import Cast


def _write_for_ever(app: Flask, cast: Cast, call_ids: list[int], seed: int) -> None:
    dice = random.Random(seed)
    with app.app_context():
        db.engine.dispose(close=False)  # the parent's connections are not this process's
        while True:
            try:
                calls = [db.session.get_one(Call, call_id) for call_id in call_ids]
                act(cast, calls, dice)
                db.session.flush()
                audit.record("proposal.save")
                db.session.commit()
            except Exception:  # two may change one proposal: the slower begins again
                db.session.rollback()


def _started(app: Flask, cast: Cast, call_ids: list[int], seed: int) -> int:
    """Start a process that writes, and return its id."""
    pid = os.fork()
    if pid == 0:
        try:
            _write_for_ever(app, cast, call_ids, seed)
        finally:
            os._exit(1)
    return pid


def _kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


def test_a_killed_writer_leaves_no_wrong_number(both_app: Flask, both_cast: Cast) -> None:
    with both_app.app_context():
        call_ids = [open_call(both_cast, batch=batch).id for batch in (1, 2)]
        db.session.remove()
        db.engine.dispose()
    dice, running = random.Random(7), list[int]()
    try:
        for seed in range(6):
            running.append(_started(both_app, both_cast, call_ids, seed))
            if len(running) == 3:
                time.sleep(dice.uniform(0.2, 0.4))
                _kill(running.pop(dice.randrange(3)))
    finally:
        for pid in running:
            _kill(pid)
    with both_app.app_context():
        assert sum(kept().values()) > 0, "they wrote something"
        db.session.remove()
        assert differences() == {}
