"""The audit log in the database: no act without its line, no line changed, no number missing."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from lab import audit
from lab.audit.models import AuditEvent
from lab.audit.service import AuditMissing, head, verify_chain
from lab.db import writing
from lab.extensions import db
from lab.identity import service
from lab.identity.models import Unit
from tests.cast import Cast, unit
from tests.client import PageClient
from tests.crowd import at_once


def rows() -> list[AuditEvent]:
    return list(db.session.scalars(select(AuditEvent).order_by(AuditEvent.seq)))


def names() -> list[str]:
    return list(db.session.scalars(select(Unit.name).order_by(Unit.name)))


def test_a_change_without_an_audit_line_is_not_committed(both_ctx: Flask, both_cast: Cast) -> None:
    before = names()
    unit(both_cast.post_other).name = "改名而不留痕"
    with pytest.raises(AuditMissing):
        db.session.commit()
    db.session.rollback()
    assert names() == before


def test_a_mass_change_without_an_audit_line_is_not_committed(
    both_ctx: Flask, both_cast: Cast
) -> None:
    before = names()
    table = Unit.__table__
    for statement in (
        update(Unit).values(name=Unit.name + "改"),
        delete(Unit).where(Unit.id == -1),
        insert(Unit).values(key="k", name="新支行", side="bank", version=1, active=True),
        update(table).values(name="改名而不留痕").where(table.c.id == both_cast.post_other),
    ):
        db.session.execute(statement)
        with pytest.raises(AuditMissing):
            db.session.commit()
        db.session.rollback()
    assert names() == before


def test_a_short_transaction_of_its_own_needs_its_line_too(
    both_ctx: Flask, both_cast: Cast
) -> None:
    with pytest.raises(AuditMissing), writing() as session:
        session.get_one(Unit, both_cast.post_other).name = "改名而不留痕"
    assert "改名而不留痕" not in names()


def test_an_act_taken_back_leaves_no_line_and_no_gap(both_ctx: Flask, both_cast: Cast) -> None:
    before = head()
    service.create_unit("邮储大兴支行", "bank", both_cast.bank_root)
    db.session.rollback()
    assert head() == before
    service.create_unit("邮储昌平支行", "bank", both_cast.bank_root)
    db.session.commit()
    assert head()[0] == before[0] + 1


def test_the_database_refuses_to_change_or_delete_a_line(both_ctx: Flask, both_cast: Cast) -> None:
    before = len(rows())
    for statement in (
        "UPDATE audit_event SET detail = '{}' WHERE seq = 1",
        "DELETE FROM audit_event WHERE seq = 1",
        "DELETE FROM audit_event",
    ):
        with pytest.raises(DBAPIError, match="append-only"):
            db.session.execute(text(statement))
        db.session.rollback()
    assert len(rows()) == before


@pytest.mark.postgres
def test_postgresql_refuses_to_empty_the_log(postgres_app: Flask) -> None:
    with postgres_app.app_context(), pytest.raises(DBAPIError, match="append-only"):
        db.session.execute(text("TRUNCATE audit_event"))


def test_sixteen_writers_leave_an_unbroken_chain_without_gaps(
    both_app: Flask, both_cast: Cast
) -> None:
    def write(number: int) -> None:
        for turn in range(5):
            service.create_unit(f"支行{number}-{turn}", "bank", both_cast.bank_root)
            db.session.commit()
            audit.record_apart("access.denied", detail={"turn": turn}, result="denied")

    with both_app.app_context():
        start = head()[0]
        db.session.remove()
    at_once(both_app, 16, write)
    with both_app.app_context():
        assert [row.seq for row in rows()] == list(range(1, start + 16 * 10 + 1))
        report = verify_chain()
        assert report.sound, report.finding


def test_a_changed_row_is_named_even_when_the_triggers_were_removed(ctx: Flask, cast: Cast) -> None:
    assert verify_chain().sound
    db.session.rollback()
    with db.engine.connect() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_event_no_update")
        connection.exec_driver_sql("UPDATE audit_event SET actor_name = '别人' WHERE seq = 3")
        connection.commit()
    finding = verify_chain().finding
    assert finding is not None and finding.seq == 3


def test_a_cut_end_is_found_by_the_heads_noted_outside_the_database(ctx: Flask, cast: Cast) -> None:
    with db.engine.connect() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_event_no_delete")
        connection.exec_driver_sql("DELETE FROM audit_event WHERE seq > 5")
        connection.commit()
    finding = verify_chain().finding
    assert finding is not None and finding.seq == 6
    heads = Path(ctx.config["AUDIT_HEADS"])
    with heads.open("ab") as file:
        file.write(b"6 torn by a power cut\n\x00\x00")
    assert not verify_chain().sound, "a damaged line hides nothing"


def test_the_command_says_whether_the_log_is_sound(ctx: Flask, cast: Cast) -> None:
    db.session.remove()
    good = ctx.test_cli_runner().invoke(args=["audit", "verify"])
    assert good.exit_code == 0 and "完好" in good.output
    db.session.remove()
    with db.engine.connect() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_event_no_update")
        connection.exec_driver_sql("UPDATE audit_event SET result = 'no' WHERE seq = 2")
        connection.commit()
    db.session.remove()
    bad = ctx.test_cli_runner().invoke(args=["audit", "verify"])
    assert bad.exit_code == 1 and "第 2 条" in bad.output


def test_an_act_is_kept_although_its_head_cannot_be_noted_outside(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    app.config["AUDIT_HEADS"] = "/proc/no-such-place/heads"
    client.as_(cast.office).post("/sign-out")
    with app.app_context():
        assert rows()[-1].action == "identity.sign_out"


def test_a_line_tells_who_did_what_from_where(app: Flask, client: PageClient, cast: Cast) -> None:
    client.as_(cast.office).post("/sign-out")
    with app.app_context():
        line = rows()[-1]
        assert (line.actor_id, line.actor_name) == (cast.office, "经办甲")
        assert (line.action, line.address, line.result) == ("identity.sign_out", "127.0.0.1", "ok")
