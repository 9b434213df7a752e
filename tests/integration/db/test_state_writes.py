"""A state is written by its lifecycle alone: objects, mass updates and raw SQL are refused."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import CheckConstraint, inspect, text, update
from sqlalchemy.exc import IntegrityError

from lab import audit, clock
from lab.calls.models.call import Call
from lab.db import StatusWriteRejected, Versioned, transition
from lab.db.state import stateful_classes
from lab.extensions import db
from lab.factory import metadata
from lab.workflow import TransitionRejected
from tests.support.builders.calls import draft_call
from tests.support.cast import Cast
from tests.support.concurrency import at_once


def test_an_object_does_not_take_a_state_written_to_it(both_ctx: Flask, both_cast: Cast) -> None:
    call = draft_call(both_cast)
    with pytest.raises(StatusWriteRejected):
        call.status = "announced"
    with pytest.raises(StatusWriteRejected):
        call.status = "draft"
    assert call.status == "draft"
    with pytest.raises(StatusWriteRejected):
        Call(year=2022, batch=9, title="第九批", status="announced")


def test_a_mass_update_of_status_is_rejected(both_ctx: Flask, both_cast: Cast) -> None:
    draft_call(both_cast)
    with pytest.raises(StatusWriteRejected):
        db.session.execute(update(Call).values(status="published"))
    with pytest.raises(StatusWriteRejected):
        db.session.execute(update(Call.__table__).values(status="published"))  # type: ignore[arg-type]
    with pytest.raises(StatusWriteRejected):
        db.session.execute(update(Call), [{"id": 1, "status": "published"}])


def test_a_move_without_its_evidence_is_refused(both_ctx: Flask, both_cast: Cast) -> None:
    call = draft_call(both_cast)
    with pytest.raises(TransitionRejected, match="缺少必要内容"):
        transition(call, "publish")
    with pytest.raises(TransitionRejected, match="草稿"):
        transition(call, "archive")
    assert call.status == "draft"


def test_only_a_new_object_with_a_source_starts_in_a_later_state(
    both_ctx: Flask, both_cast: Cast
) -> None:
    call = draft_call(both_cast)
    call.source_label = "公开报道"
    with pytest.raises(StatusWriteRejected):
        call.restore("announced")
    with pytest.raises(StatusWriteRejected):
        Call(year=2022, batch=8, title="第八批").restore("announced")
    known = Call(year=2022, batch=9, title="第九批", source_label="公开报道")
    known.restore("announced")
    assert known.status == "announced"
    with pytest.raises(StatusWriteRejected):
        known.restore("draft")


def test_the_database_refuses_states_without_evidence(both_ctx: Flask, both_cast: Cast) -> None:
    draft_call(both_cast)
    for status in ("no_such_state", "published", "announced"):
        with pytest.raises(IntegrityError):
            db.session.execute(text("UPDATE call SET status = :s"), {"s": status})
        db.session.rollback()
    assert db.session.scalar(text("SELECT status FROM call")) == "draft"


def test_every_lifecycle_has_its_constraints_in_the_database(both_ctx: Flask) -> None:
    look = inspect(db.engine)
    for cls in sorted(stateful_classes(), key=lambda cls: cls.__name__):
        table = cls.__tablename__
        checks = {c["name"]: c["sqltext"] for c in look.get_check_constraints(table)}
        for code in cls.machine.codes:
            assert f"'{code}'" in checks[f"ck_{table}_status_known"]
        assert issubclass(cls, Versioned), "two acts at the same moment must not both be done"
        for step in cls.machine.transitions:
            for column in step.evidence:
                tied = [c for c in checks.values() if f"'{step.target}'" in c and column in c]
                assert tied, f"{table}: {step.target} without {column}"


def test_the_database_has_every_check_of_the_code(both_ctx: Flask) -> None:
    look = inspect(db.engine)
    for table in metadata().sorted_tables:
        checks = {c.name for c in table.constraints if isinstance(c, CheckConstraint)}
        assert checks == {c["name"] for c in look.get_check_constraints(table.name)}, table.name


def test_two_concurrent_actions_take_effect_once(both_app: Flask, both_cast: Cast) -> None:
    with both_app.app_context():
        key = draft_call(both_cast).key
        db.session.remove()

    def publish(_: int) -> bool:
        call = db.session.query(Call).filter_by(key=key).one()
        try:
            transition(call, "publish", published_at=clock.now())
            audit.record("call.publish", call)
            db.session.commit()
        except Exception as error:
            db.session.rollback()
            assert type(error).__name__ in ("TransitionRejected", "StaleDataError")
            return False
        return True

    assert sum(at_once(both_app, 16, publish)) == 1
