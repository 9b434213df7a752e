"""The audit log in the database: no act without its line, no line changed, no number missing."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from lab import audit
from lab.audit.check import format_head, verify_chain
from lab.audit.models import AuditEvent
from lab.audit.rules.heads import read_file, truncated_at
from lab.audit.service import AuditMissing, head
from lab.db import writing
from lab.extensions import db
from lab.identity.models.account import Unit
from lab.identity.units import service as units_service
from tests.support.cast import Cast, unit
from tests.support.client import PageClient
from tests.support.concurrency import at_once


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


def test_a_rolled_back_action_leaves_no_line_and_no_gap(both_ctx: Flask, both_cast: Cast) -> None:
    before = head()
    units_service.create_unit("邮储大兴支行", "bank", both_cast.bank_root)
    db.session.rollback()
    assert head() == before
    units_service.create_unit("邮储昌平支行", "bank", both_cast.bank_root)
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
            units_service.create_unit(f"支行{number}-{turn}", "bank", both_cast.bank_root)
            db.session.commit()
            audit.record_separately("access.denied", detail={"turn": turn}, result="denied")

    with both_app.app_context():
        start = head()[0]
        db.session.remove()
    at_once(both_app, 16, write)
    with both_app.app_context():
        assert [row.seq for row in rows()] == list(range(1, start + 16 * 10 + 1))
        report = verify_chain()
        assert report.is_intact, report.finding


def test_an_altered_row_is_found_without_the_triggers(ctx: Flask, cast: Cast) -> None:
    assert verify_chain().is_intact
    db.session.rollback()
    with db.engine.connect() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_event_no_update")
        connection.exec_driver_sql("UPDATE audit_event SET actor_name = '别人' WHERE seq = 3")
        connection.commit()
    finding = verify_chain().finding
    assert finding is not None and finding.seq == 3


def cut_rows(after: int) -> None:
    """Take rows from the end of the chain, triggers and all."""
    db.session.remove()
    with db.engine.connect() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_event_no_delete")
        connection.exec_driver_sql(f"DELETE FROM audit_event WHERE seq > {after}")
        connection.commit()


def test_a_truncated_chain_is_found_by_external_heads(ctx: Flask, cast: Cast) -> None:
    last = head()[0]
    cut_rows(last - 1)
    finding = verify_chain().finding
    assert finding is not None and finding.seq == last, "one row is enough"
    heads = Path(ctx.config["AUDIT_HEADS"])
    with heads.open("ab") as file:
        file.write(b"6 torn by a power cut\n\x00\x00")
    assert not verify_chain().is_intact, "a damaged line hides nothing"


def newest_head(heads: Path) -> int:
    """The byte at which the last head begins."""
    return heads.read_bytes().rfind(b"\ni ") + 1


def test_heads_missing_emptied_or_cut_are_found(both_ctx: Flask, both_cast: Cast) -> None:
    audit.record_separately("access.denied", result="denied")
    assert verify_chain().is_intact
    heads, last = Path(both_ctx.config["AUDIT_HEADS"]), head()[0]
    whole = heads.read_bytes()
    for cut in (whole[: newest_head(heads)], whole[: len(whole) // 2], b""):
        heads.write_bytes(cut)
        finding = verify_chain().finding
        assert finding is not None and "库外留存" in finding.message
    heads.unlink()
    finding = verify_chain().finding
    assert finding is not None and "不见了" in finding.message and f"{last} 条" in finding.message


def test_heads_lost_stay_found_when_the_portal_writes_on(both_ctx: Flask, both_cast: Cast) -> None:
    Path(both_ctx.config["AUDIT_HEADS"]).unlink()
    audit.record_separately("access.denied", result="denied")
    finding = verify_chain().finding
    assert finding is not None and "曾经缺失" in finding.message


def test_an_emptied_log_is_found_even_without_its_heads(ctx: Flask, cast: Cast) -> None:
    cut_rows(0)
    assert not verify_chain().is_intact
    Path(ctx.config["AUDIT_HEADS"]).unlink()
    finding = verify_chain().finding
    assert finding is not None and "审计日志却是空的" in finding.message


def test_a_new_installation_has_a_sound_empty_log(both_ctx: Flask) -> None:
    report = verify_chain()
    assert report.is_intact and report.rows == 0


def test_rolled_back_heads_are_found_by_a_printed_report(ctx: Flask, cast: Cast) -> None:
    audit.record_separately("access.denied", result="denied")
    older, heads = head()[0] - 1, Path(ctx.config["AUDIT_HEADS"])
    printed = format_head(*head())
    run = ctx.test_cli_runner().invoke
    db.session.remove()
    good = run(args=["audit", "verify", "--head", printed])
    assert good.exit_code == 0 and printed in good.output
    heads.write_bytes(heads.read_bytes()[: newest_head(heads)])
    cut_rows(older)
    assert verify_chain().is_intact, "all that is left on the machine fits together"
    db.session.remove()
    bad = run(args=["audit", "verify", "--head", printed])
    assert bad.exit_code == 1 and "报告所印链头" in bad.output
    db.session.remove()
    short = run(args=["audit", "verify", "--head", printed.partition(":")[2][:12]])
    assert short.exit_code == 1, "reports of earlier versions print no number"
    db.session.remove()
    assert run(args=["audit", "verify", "--head", "第五条"]).exit_code == 1


def unkeyed(ctx: Flask) -> bytes:
    """The heads as an earlier version noted them."""
    return b"".join(f"{row.seq} {row.mac}\n".encode() for row in rows())


def test_heads_of_an_earlier_version_are_sealed_once(both_ctx: Flask, both_cast: Cast) -> None:
    heads = Path(both_ctx.config["AUDIT_HEADS"])
    heads.write_bytes(unkeyed(both_ctx))
    last = head()[0]
    assert verify_chain().is_intact, "before anything is written"
    db.session.rollback()
    audit.record_separately("access.denied", result="denied")
    audit.record_separately("access.denied", result="denied")
    assert [row.action for row in rows()[last:]] == [
        "audit.seal_heads",
        "access.denied",
        "access.denied",
    ]
    assert verify_chain().is_intact
    earlier = heads.read_bytes()
    heads.write_bytes(b"1" + earlier)
    assert not verify_chain().is_intact, "an old line was changed"
    heads.write_bytes(unkeyed(both_ctx))
    assert not verify_chain().is_intact, "put back into the form without a key"
    db.session.rollback()
    audit.record_separately("access.denied", result="denied")
    assert not verify_chain().is_intact, "nor are they sealed a second time"


def test_the_heads_fit_a_copy_made_while_people_write(ctx: Flask, cast: Cast) -> None:
    seq = head()[0]
    db.session.remove()
    with db.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql(f"VACUUM INTO '{ctx.config['INSTANCE']}/copy.db'")
        connection.exec_driver_sql("BEGIN")
    for _ in range(3):
        audit.record_separately("access.denied", result="denied")
    db.engine.dispose()
    database, heads = Path(ctx.config["INSTANCE"]) / "lab.db", Path(ctx.config["AUDIT_HEADS"])
    (Path(ctx.config["INSTANCE"]) / "copy.db").replace(database)
    for rest in ("-wal", "-shm"):
        database.with_name(f"lab.db{rest}").unlink(missing_ok=True)
    assert not verify_chain().is_intact
    heads.write_bytes(truncated_at(read_file(heads), seq))
    db.session.rollback()
    assert verify_chain().is_intact
    db.session.rollback()
    audit.record_separately("access.denied", result="denied")
    assert verify_chain().is_intact


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


def test_an_action_without_a_recorded_head_is_not_done(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    office = client.as_(cast.office)
    token = office.token()
    with app.app_context():
        before = len(rows())
    app.config["AUDIT_HEADS"] = "/proc/no-such-place/heads"
    answer = office.http.post("/sign-out", data={"csrf_token": token})
    assert answer.status_code == 500 and "事件编号" in answer.text
    client.as_(cast.office).get("/account/password")
    with app.app_context():
        assert len(rows()) == before


def test_a_line_tells_who_did_what_from_where(app: Flask, client: PageClient, cast: Cast) -> None:
    client.as_(cast.office).post("/sign-out")
    with app.app_context():
        line = rows()[-1]
        assert (line.actor_id, line.actor_name) == (cast.office, "经办甲")
        assert (line.action, line.address, line.result) == ("identity.sign_out", "127.0.0.1", "ok")
