"""The audit key does not fit: the portal only reads, says so, and goes on when it is told to."""

from __future__ import annotations

import json
import logging
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from lab import audit, clock
from lab.audit.check import verify_chain
from lab.audit.models import AuditEvent
from lab.audit.service import begin_chain, head
from lab.audit.suspension import COMMAND, MESSAGE, AuditSuspended
from lab.extensions import db
from lab.feature import Feature, JobKind, bind
from lab.identity.models.account import Person, Unit
from lab.identity.units import service as units_service
from lab.jobs import service as jobs
from lab.jobs.models import Job
from tests.support.cast import PASSWORD, Cast
from tests.support.client import PageClient, text_of

OTHER = "another-key-0123456789-abcdefghijklmnop"


def change_key(app: Flask, key: str = OTHER) -> str:
    """Give the portal another audit key, as after a start; the key before."""
    before: str = app.config["AUDIT_KEY"]
    app.config["AUDIT_KEY"] = key
    app.extensions.pop("audit_suspended", None)
    return before


def actions(app: Flask, after: int) -> list[str]:
    with app.app_context():
        found = select(AuditEvent.action).where(AuditEvent.seq > after).order_by(AuditEvent.seq)
        return list(db.session.scalars(found))


def newest(app: Flask) -> int:
    with app.app_context():
        return head()[0]


def test_every_page_says_why_nothing_can_be_saved(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    office = client.as_(cast.office)
    assert MESSAGE not in office.get("/").text
    change_key(app)
    for page in (client.get("/sign-in"), office.get("/"), office.get("/calls")):
        assert MESSAGE in page.text and COMMAND in page.text
    assert MESSAGE in office.http.get("/no-such-page").text


def test_the_status_checks_tell_it(app: Flask, client: PageClient, cast: Cast) -> None:
    system = client.as_(cast.system)
    assert client.http.get("/health").json["checks"]["audit_key"] == {"status": "ok"}
    change_key(app)
    answer = client.http.get("/health")
    assert (answer.status_code, answer.json["status"]) == (503, "danger")
    assert answer.json["checks"]["audit_key"] == {"status": "danger"}
    shown = text_of(system.get("/system/status"))
    assert "请核对设置 LAB_AUDIT_KEY" in shown and "各项正常" not in shown


def test_what_was_refused_is_not_announced_as_done(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    office = client.as_(cast.office)
    change_key(app)
    shown = office.submit("/account/mail", {"email": "office@example.cn"}, status=503)
    assert MESSAGE in shown.text and "已保存" not in shown.text
    assert "已保存" not in office.get("/").text


def test_a_person_signs_in_and_out_and_the_chain_tells_it_later(
    app: Flask, client: PageClient, cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    with app.app_context():  # a password that has run out cannot be changed now and lets in
        db.session.get_one(Person, cast.office).password_at = clock.now() - timedelta(days=400)
        audit.record("people.edit")
        db.session.commit()
    before, key = newest(app), change_key(app)
    with caplog.at_level(logging.WARNING, "lab.audit"):
        wrong = {"name": "office", "password": "not the password"}
        client.submit("/sign-in", wrong, status=422)
        client.submit("/sign-in", {"name": "office", "password": PASSWORD})
        assert client.get("/").status_code == 200
        client.post("/sign-out")
    assert [r.message for r in caplog.records].count("audit line deferred") == 3
    assert newest(app) == before
    change_key(app, key)
    client.submit("/sign-in", {"name": "office", "password": PASSWORD})
    told = ["identity.sign_in", "identity.sign_in", "identity.sign_out", "identity.sign_in"]
    assert actions(app, before) == told
    with app.app_context():
        late = db.session.scalars(select(AuditEvent).where(AuditEvent.seq == before + 1)).one()
        assert json.loads(late.detail) == {"deferred": True}
        assert (late.result, late.address) == ("failed", "127.0.0.1")
        assert verify_chain().is_intact
    waiting = Path(app.config["INSTANCE"]) / "audit-deferred.log"
    assert waiting.read_bytes() == b""


UNIT = {"name": "写了一半的单位【演示】", "parent": "bank"}


def test_what_was_typed_stays_on_the_page_of_the_refusal(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    system = client.as_(cast.system)
    key = change_key(app)
    page = system.submit("/units/new", UNIT, status=503)
    assert "继续提交" in text_of(page) and UNIT["name"] in page.text and MESSAGE in page.text
    with app.app_context():
        wanted = select(Unit).where(Unit.name == UNIT["name"])
        assert db.session.scalar(wanted) is None
        change_key(app, key)
        system.post("/units/new", UNIT)
        assert db.session.scalar(wanted) is not None


def test_a_script_gets_its_refusal_as_text(app: Flask, client: PageClient, cast: Cast) -> None:
    system = client.as_(cast.system)
    body = {"csrf_token": system.token(), **UNIT}
    change_key(app)
    script = {"Accept": "application/json", "Origin": "http://localhost"}
    answer = system.http.post("/units/new", data=body, headers=script)
    assert answer.status_code == 503 and MESSAGE in answer.json["text"]


def test_services_and_the_worker_write_nothing(both_app: Flask, both_cast: Cast) -> None:
    ran: list[object] = []
    noop = JobKind("test.noop", ran.append, lambda *_: None)
    bind(both_app, Feature("test", jobs=(noop,)))
    with both_app.app_context():
        jobs.enqueue("test.noop", {})
        db.session.commit()
        change_key(both_app)
        assert jobs.run_due() == 0
        for task in (lambda: units_service.create_unit("某支行", "bank", both_cast.bank_root),):
            task()
            with pytest.raises(AuditSuspended):
                db.session.commit()
            db.session.rollback()
        job = db.session.scalars(select(Job)).one()
        assert (job.state, job.attempts, ran) == ("queued", 0, [])


def test_a_writing_command_is_refused_with_a_message(ctx: Flask, cast: Cast) -> None:
    change_key(ctx)
    db.session.remove()
    done = ctx.test_cli_runner().invoke(args=["data", "load-facts"])
    assert done.exit_code == 1 and MESSAGE in done.output and "Traceback" not in done.output


def test_the_check_says_when_there_is_no_database_yet(new_app: Flask) -> None:
    (Path(new_app.config["INSTANCE"]) / "lab.db").write_bytes(b"")
    for words in (["verify"], ["begin-chain", "--operator", "某人", "--yes"]):
        done = new_app.test_cli_runner().invoke(args=["audit", *words])
        assert done.exit_code == 1 and "LAB_INSTANCE" in done.output


def test_a_new_chain_is_begun_on_purpose_and_linked(both_app: Flask, both_cast: Cast) -> None:
    key = change_key(both_app)
    run = both_app.test_cli_runner().invoke
    with both_app.app_context():
        last = head()
        assert not verify_chain().is_intact
        db.session.remove()
        done = run(args=["audit", "begin-chain"], input="系统管理员丁\ny\n")
        assert done.exit_code == 0, done.output
        row = db.session.scalars(select(AuditEvent).order_by(AuditEvent.seq.desc())).first()
        assert row is not None
        assert (row.seq, row.action, row.prev_mac) == (last[0] + 1, "audit.begin_chain", last[1])
        assert json.loads(row.detail)["operator"] == "系统管理员丁"
        units_service.create_unit("某支行", "bank", both_cast.bank_root)
        db.session.commit()
        report = verify_chain()
        assert report.is_intact and "只核对了前后衔接" in report.notes[0]
        report = verify_chain(old_keys=["no key of anything", key])
        assert report.is_intact and not report.notes
        db.session.remove()
        asked = run(args=["audit", "verify", "--old-key"], input=f"{key}\n\n")
        assert asked.exit_code == 0 and "说明" not in asked.output


def test_rows_before_the_new_chain_cannot_be_changed_unseen(ctx: Flask, cast: Cast) -> None:
    change_key(ctx)
    begin_chain("系统管理员丁")
    db.session.remove()
    with db.engine.connect() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_event_no_update")
        connection.exec_driver_sql("UPDATE audit_event SET actor_name = '别人' WHERE seq = 3")
        connection.commit()
    finding = verify_chain().finding
    assert finding is not None and "此前的记录被改动过" in finding.message


def test_a_new_chain_settles_heads_that_were_lost(ctx: Flask, cast: Cast) -> None:
    Path(ctx.config["AUDIT_HEADS"]).unlink()
    audit.record_separately("access.denied", result="denied")
    assert not verify_chain().is_intact
    db.session.rollback()
    begin_chain("系统管理员丁")
    assert verify_chain().notes == ("启用现在的链以前，库外留存曾有缺失或改动。",)
    assert verify_chain().is_intact
    db.session.rollback()
    audit.record_separately("access.denied", result="denied")
    assert verify_chain().is_intact


def test_a_running_portal_goes_on_after_the_new_chain_was_begun(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    office = client.as_(cast.office)
    change_key(app)
    assert MESSAGE in office.get("/").text
    app.extensions["audit_suspended"] = True
    with app.app_context():
        begin_chain("系统管理员丁")
    app.extensions["audit_suspended"] = True  # as another process still believes
    assert MESSAGE not in office.get("/").text


def verified(app: Flask) -> tuple[int, str]:
    """Exit code and words of the command that checks the chain."""
    db.session.remove()
    done = app.test_cli_runner().invoke(args=["audit", "verify"])
    db.session.remove()
    return done.exit_code, done.output


def test_the_check_with_a_wrong_key_names_the_key(both_ctx: Flask, both_cast: Cast) -> None:
    assert verified(both_ctx)[0] == 0
    before = change_key(both_ctx)
    code, said = verified(both_ctx)
    assert code == 1 and "LAB_AUDIT_KEY" in said and "可能不是" in said
    begin_chain("系统管理员丁")
    assert verified(both_ctx)[0] == 0
    change_key(both_ctx, before)
    assert "LAB_AUDIT_KEY" in verified(both_ctx)[1]


def test_heads_of_another_key_without_rows_name_the_key(ctx: Flask, cast: Cast) -> None:
    with db.engine.connect() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_event_no_delete")
        connection.exec_driver_sql("DELETE FROM audit_event")
        connection.commit()
    code, said = verified(ctx)
    assert code == 1 and "LAB_AUDIT_KEY" not in said
    change_key(ctx)
    assert "LAB_AUDIT_KEY" in verified(ctx)[1]


@pytest.mark.parametrize("seq", [1, 3])
def test_a_row_that_was_changed_does_not_blame_the_key(ctx: Flask, cast: Cast, seq: int) -> None:
    with db.engine.connect() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_event_no_update")
        connection.exec_driver_sql(f"UPDATE audit_event SET result = 'no' WHERE seq = {seq}")
        connection.commit()
    code, said = verified(ctx)
    assert code == 1 and f"第 {seq} 条" in said and "LAB_AUDIT_KEY" not in said


def test_a_folder_moved_without_its_key_is_noticed(new_app: Flask) -> None:
    """A demonstration keeps its key in the instance folder; a new one does not fit the rows."""
    from lab.config.settings import load_settings
    from lab.factory import create_app

    folder = Path(new_app.config["INSTANCE"])

    def start() -> Flask:
        return create_app(load_settings({"LAB_INSTANCE": str(folder)}))

    with start().app_context():
        audit.record_separately("access.denied", result="denied")
    (folder / "lab_audit_key.txt").unlink()
    assert MESSAGE in start().test_client().get("/sign-in").text
