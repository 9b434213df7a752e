"""The kept numbers by state are those of a recount, whatever happened to the objects."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import delete, select, text

from lab import audit, clock
from lab.audit.models import AuditEvent
from lab.calls.models.call import Call
from lab.db import StatusWriteRejected, insert_all, new_key, transition, writing
from lab.db.tallies import StateTally, tallied_classes
from lab.db.tally_keeping import mend
from lab.extensions import db
from lab.inbox.letters import service as letters
from lab.proposals.core.counts import numbers_of_calls
from lab.proposals.models.proposal import Proposal
from lab.tallies import service as tallies
from tests.support.builders.calls import open_call
from tests.support.builders.letters import drafted
from tests.support.builders.proposals import accepted_proposal, submitted_proposal
from tests.support.cast import Cast
from tests.support.concurrency import at_once

STEPS = 110


def kept() -> Counter[tuple[str, int, str]]:
    """What is kept, without rows of nothing."""
    with writing() as session:
        columns = (StateTally.kind, StateTally.scope_id, StateTally.status, StateTally.number)
        return Counter({(a, b, c): number for a, b, c, number in session.execute(select(*columns))})


def differences() -> dict[tuple[str, int, str], int]:
    """What a recount would correct, and no longer has to."""
    with writing() as session:
        return mend(session)


def begun(cast: Cast, call_id: int) -> Proposal:
    proposal = Proposal(
        key=new_key(), call_id=call_id, owner_id=cast.applicant, unit_id=cast.post_branch
    )
    proposal.begin()
    return proposal


def move(proposal: Proposal, dice: random.Random) -> None:
    """One step that its lifecycle allows, with the evidence."""
    steps = Proposal.machine.transitions_from(proposal.status)
    if dice.random() < 0.9:  # or most of them would end as withdrawn
        steps = tuple(step for step in steps if step.action != "withdraw")
    if not steps:
        return
    now = clock.now()
    evidence = {"number": proposal.number or f"SB-{proposal.id}", "submitted_at": now}
    action = dice.choice(steps)
    given = {**evidence, "closed_at": now}
    transition(proposal, action.action, **{name: given[name] for name in action.evidence})


def act(cast: Cast, calls: list[Call], dice: random.Random) -> None:
    """Something that happens to proposals: they come, go, or change their state."""
    call_id = dice.choice(calls).id
    here = list(db.session.scalars(select(Proposal).order_by(Proposal.id)))
    roll = dice.random()
    if roll < 0.1 or not here:
        db.session.add_all(begun(cast, call_id) for _ in range(dice.randint(1, 3)))
    elif roll < 0.12:
        insert_all(db.session(), [begun(cast, call_id) for _ in range(3)])
    elif roll < 0.15:
        db.session.delete(dice.choice(here))
    else:
        for proposal in dice.sample(here, min(len(here), dice.randint(1, 4))):
            move(proposal, dice)
            if dice.random() < 0.3:
                db.session.flush()


def test_a_random_walk_leaves_the_numbers_of_a_recount(both_ctx: Flask, both_cast: Cast) -> None:
    dice = random.Random(41)
    calls = [open_call(both_cast, batch=batch) for batch in (1, 2)]
    for _ in range(STEPS):
        act(both_cast, calls, dice)
        audit.record("proposal.save")
        if dice.random() < 0.2:
            db.session.flush()
            db.session.rollback()
        else:
            db.session.commit()
    states = Counter(db.session.scalars(select(Proposal.status)))
    assert len(states) > 8, "the walk went through most of the states"
    by_call = numbers_of_calls([call.id for call in calls])
    assert sum(by_call.values(), Counter[str]()) == states
    db.session.remove()
    assert differences() == {}


def test_what_the_services_do_is_counted(both_ctx: Flask, both_cast: Cast) -> None:
    call = open_call(both_cast)
    submitted_proposal(both_cast, call)
    accepted_proposal(both_cast, call)
    letter = drafted(both_cast)
    letters.void_letter(letter, letter.version, both_cast.office, "重复。")
    db.session.commit()
    call_id = call.id
    db.session.remove()
    assert +kept() == {
        ("proposal", call_id, "submitted"): 1,
        ("proposal", call_id, "accepted"): 1,
        ("letter", 0, "sent"): 1,
        ("letter", 0, "void"): 1,
    }
    assert differences() == {}


def test_clerks_at_once_lose_no_number(both_app: Flask, both_cast: Cast) -> None:
    with both_app.app_context():
        calls = [open_call(both_cast, batch=batch).id for batch in (1, 2)]
        db.session.remove()

    def work(number: int) -> None:
        for step in range(4):
            order = calls if number % 2 else calls[::-1]
            proposals = [begun(both_cast, call_id) for call_id in order]
            db.session.add_all(proposals)
            db.session.flush()
            for proposal in proposals[: 1 + step % 2]:
                move(proposal, random.Random(number))
            audit.record("proposal.create")
            db.session.commit()

    at_once(both_app, 8, work)
    with both_app.app_context():
        by_call = numbers_of_calls(calls)
        assert [sum(by_call[call_id].values()) for call_id in calls] == [32, 32]
        db.session.remove()
        assert differences() == {}


def test_a_wrong_number_is_mended_and_said_once(both_ctx: Flask, both_cast: Cast) -> None:
    call = open_call(both_cast)
    submitted_proposal(both_cast, call)
    with db.engine.begin() as raw:
        raw.execute(text("UPDATE state_tally SET number = 5 WHERE status = 'submitted'"))
        raw.execute(text("INSERT INTO state_tally VALUES ('letter', 0, 'sent', 2)"))
    assert tallies.recount() == 2
    assert numbers_of_calls([call.id])[call.id]["submitted"] == 1
    lines = select(AuditEvent.detail).where(AuditEvent.action == "tallies.mend")
    assert list(db.session.scalars(lines)) == ['{"differences": 6, "mended": 2}']
    db.session.remove()
    assert tallies.recount() == 0
    assert len(list(db.session.scalars(lines))) == 1
    db.session.remove()


def test_the_worker_counts_again_once_a_day(ctx: Flask, cast: Cast) -> None:
    submitted_proposal(cast, open_call(cast))
    db.session.remove()

    def mended() -> bool:
        with db.engine.begin() as raw:
            raw.execute(text("UPDATE state_tally SET number = 7 WHERE status = 'submitted'"))
        tallies.recount_daily()
        return ("proposal", 1, "submitted", 7) not in {(*key, n) for key, n in kept().items()}

    ctx.extensions.pop(tallies.LAST_DAY, None)
    assert mended()
    assert not mended()
    with clock.freeze(clock.now() + clock.timedelta(days=1)):
        assert mended()
    ctx.extensions.pop(tallies.LAST_DAY, None)


def test_a_mass_deletion_of_counted_rows_is_refused(ctx: Flask, cast: Cast) -> None:
    for cls in tallied_classes():
        with pytest.raises(StatusWriteRejected):
            db.session.execute(delete(cls))
    db.session.rollback()


def test_an_update_counts_what_is_there(both_ctx: Flask, both_cast: Cast) -> None:
    call = open_call(both_cast)
    submitted_proposal(both_cast, call)
    accepted_proposal(both_cast, call)
    db.session.remove()
    before = +kept()
    assert len(before) == 3
    downgrade(revision="0037")
    upgrade()
    assert kept() == before
