"""E-mail of letters against a real mail server: nothing is lost and nothing is sent twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from lab import clock
from lab.audit.models import AuditEvent
from lab.extensions import db
from lab.inbox.mail import delivery, due_mails
from lab.inbox.mail.server import server
from lab.inbox.models.letters import Letter, LetterRecipient
from lab.inbox.models.notices import Notice
from lab.jobs import service as jobs
from lab.jobs.models import Job
from lab.rejected import Rejected
from lab.web.typed.text import normalise
from tests.support.builders.letters import (
    BODY,
    SUBJECT,
    give_mail,
    rows,
    send_again,
    sent,
    set_mail,
)
from tests.support.cast import Cast, person
from tests.support.concurrency import at_once
from tests.support.corpus.cases import CASES
from tests.support.servers.mail_server import PASSWORD, USER, Post, certificate, mail_server
from tests.support.servers.portal_server import free_port

NOON = datetime(2022, 7, 1, 4, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def no_huey(both_app: Flask) -> None:
    jobs.on_wake(both_app, lambda _: None)


@pytest.fixture
def post(both_ctx: Flask) -> Iterator[Post]:
    """A mail server that the app knows."""
    with mail_server() as (post, port):
        set_mail(both_ctx, port)
        yield post


def states(letter_id: int) -> list[str]:
    return [row.status for row in rows(letter_id)]


def test_a_mail_carries_subject_text_and_link_and_nothing_else(
    both_ctx: Flask, both_cast: Cast, post: Post
) -> None:
    number = sent(both_cast)
    assert states(number) == ["waiting"] and post.taken == []
    jobs.run_due()
    (mail,) = post.messages()
    (row,) = rows(number)
    key = row.message_id.partition(".")[0]
    assert mail["Subject"] == SUBJECT
    assert mail.get_content().replace("\r\n", "\n") == (
        f"{BODY}\n\nhttps://portal.lab.test/letters/{key}\n"
    )
    assert mail["To"] == f"申报甲 <p{both_cast.applicant}@staff.test>"
    assert mail["From"].addresses[0].addr_spec == "lab@lab.test"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"] == f"<{row.message_id}>" == f"<{key}.{row.key}@lab.test>"
    assert (row.status, row.attempts, row.last_error) == ("delivered", 1, "")
    assert set(mail.keys()) == {
        *("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted"),
        *("Content-Type", "Content-Transfer-Encoding", "MIME-Version"),
    }
    jobs.run_due()
    due_mails.run_due_deliveries()
    assert len(post.taken) == 1


def test_a_server_with_encryption_and_sign_in_is_served(
    ctx: Flask, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cert = certificate(tmp_path)
    login = {"smtp_security": "starttls", "smtp_user": USER, "smtp_password": PASSWORD}
    with mail_server(cert=cert) as (post, port):
        set_mail(ctx, port, **login)
        number = sent(cast)
        jobs.run_due()
        (row,) = rows(number)
        assert (row.status, row.last_error) == (
            "waiting",
            "与邮件服务器的加密连接没有建立，请检查证书。",
        )
        monkeypatch.setenv("SSL_CERT_FILE", str(cert[0]))
        set_mail(ctx, port, **{**login, "smtp_password": "falsch"})
        with clock.freeze(clock.now() + timedelta(minutes=2)):
            due_mails.run_due_deliveries()
        assert rows(number)[0].last_error == "邮件服务器不接受登录（535）。"
        assert post.taken == []
        set_mail(ctx, port, **login)
        with clock.freeze(clock.now() + timedelta(minutes=20)):
            due_mails.run_due_deliveries()
        assert states(number) == ["delivered"] and len(post.taken) == 1


def test_a_server_encrypted_from_the_first_byte_is_served(
    ctx: Flask, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cert = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(cert[0]))
    with mail_server(cert=cert, tls=True) as (post, port):
        set_mail(ctx, port, smtp_security="tls")
        number = sent(cast)
        jobs.run_due()
        assert (states(number), len(post.taken)) == (["delivered"], 1)


def test_a_server_that_is_busy_is_asked_again(both_ctx: Flask, both_cast: Cast, post: Post) -> None:
    post.rcpt, post.text = ["450 later"], ["451 later"]
    with clock.freeze(NOON):
        number = sent(both_cast)
        jobs.run_due()
        (row,) = rows(number)
        assert row.status == "waiting" and "450 later" in row.last_error
        assert row.next_try_at == NOON + timedelta(minutes=1)
        due_mails.run_due_deliveries()
        assert rows(number)[0].attempts == 1, "not before its time"
    for minutes in (1, 7):
        with clock.freeze(NOON + timedelta(minutes=minutes)):
            due_mails.run_due_deliveries()
    assert states(number) == ["delivered"]
    assert len(post.taken) == 1 and rows(number)[0].attempts == 3


@pytest.mark.parametrize("step", ["rcpt", "text"])
def test_a_rejected_mail_fails_and_notifies_the_office(
    both_ctx: Flask, both_cast: Cast, post: Post, step: str
) -> None:
    setattr(post, step, ["550 no such user"])
    number = sent(both_cast)
    jobs.run_due()
    (row,) = rows(number)
    assert row.status == "failed" and "550 no such user" in row.last_error
    told = db.session.scalars(
        select(Notice.person_id).where(Notice.text.contains("邮件失败")).order_by(Notice.person_id)
    ).all()
    db.session.remove()
    assert told == [both_cast.office, both_cast.office2]
    give_mail(both_cast.applicant, "new@staff.test")
    before = row.message_id
    send_again(number)
    jobs.run_due()
    (row,) = rows(number)
    assert (row.status, row.email, row.message_id) == ("delivered", "new@staff.test", before)
    assert post.taken[-1].rcpt_tos == ["new@staff.test"]


def test_an_hour_without_a_mail_server_loses_nothing(both_ctx: Flask, both_cast: Cast) -> None:
    port = free_port()
    set_mail(both_ctx, port)
    people = (both_cast.applicant, both_cast.leader, both_cast.member)
    with clock.freeze(NOON):
        number = sent(both_cast, *people)
        jobs.run_due()
    assert states(number) == ["waiting"] * 3
    for minute in range(1, 61, 3):
        with clock.freeze(NOON + timedelta(minutes=minute)):
            jobs.run_due()
            due_mails.run_due_deliveries()
    assert states(number) == ["waiting"] * 3
    assert {row.last_error for row in rows(number)} == {"连接不上邮件服务器。"}
    with mail_server(port) as (post, _):
        for minute in range(61, 150, 10):
            with clock.freeze(NOON + timedelta(minutes=minute)):
                due_mails.run_due_deliveries()
        assert states(number) == ["delivered"] * 3
        assert sorted(e.rcpt_tos[0] for e in post.taken) == sorted(
            f"p{one}@staff.test" for one in people
        )


def test_after_two_days_the_office_decides(ctx: Flask, cast: Cast) -> None:
    set_mail(ctx, free_port())
    with clock.freeze(NOON):
        number = sent(cast)
        jobs.run_due()
    with clock.freeze(NOON + timedelta(days=2, minutes=1)):
        due_mails.run_due_deliveries()
        due_mails.run_due_deliveries()
    (row,) = rows(number)
    assert (row.status, row.attempts) == ("failed", 2)
    assert row.last_error == "两天内多次发送没有成功。连接不上邮件服务器。"


@pytest.mark.parametrize("step", ["rcpt", "text"])
def test_a_server_that_hangs_is_tried_with_one_mail_not_each(
    ctx: Flask, cast: Cast, post: Post, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    monkeypatch.setattr("lab.inbox.mail.smtp.STEP_SECONDS", 0.3)
    monkeypatch.setattr("lab.inbox.mail.smtp.TEXT_SECONDS", 0.3)
    setattr(post, step, ["stall"] * 3)
    with clock.freeze(NOON):
        letters = [sent(cast) for _ in range(3)]
        jobs.run_due()
        due_mails.run_due_deliveries()
        assert [rows(number)[0].attempts for number in letters] == [1, 0, 0]
    setattr(post, step, [])
    with clock.freeze(NOON + timedelta(minutes=1)):
        due_mails.run_due_deliveries()
    first = "delivered" if step == "rcpt" else "unclear"
    assert [states(number)[0] for number in letters] == [first, "delivered", "delivered"]


def test_after_two_days_no_mail_waits_for_its_turn_as_the_probe(ctx: Flask, cast: Cast) -> None:
    set_mail(ctx, free_port())
    with clock.freeze(NOON):
        letters = [sent(cast) for _ in range(3)]
        jobs.run_due()
    with clock.freeze(NOON + timedelta(days=2, minutes=1)):
        due_mails.run_due_deliveries()
    found = [rows(number)[0] for number in letters]
    assert [(row.status, row.attempts) for row in found] == [("failed", n) for n in (1, 1, 0)]
    assert {row.last_error for row in found} == {"两天内多次发送没有成功。连接不上邮件服务器。"}


@pytest.mark.parametrize("answer", ["cut", "taken and cut"])
def test_a_mail_lost_after_its_text_is_not_sent_again(
    both_ctx: Flask, both_cast: Cast, post: Post, answer: str
) -> None:
    post.text = [answer]
    number = sent(both_cast)
    jobs.run_due()
    assert states(number) == ["unclear"]
    taken = len(post.taken)
    with clock.freeze(clock.now() + timedelta(days=1)):
        jobs.run_due()
        due_mails.run_due_deliveries()
    assert (states(number), len(post.taken)) == (["unclear"], taken)
    send_again(number)
    jobs.run_due()
    assert states(number) == ["delivered"]
    assert len({mail["Message-ID"] for mail in post.messages()}) == 1


@pytest.mark.parametrize(("phase", "ends"), [("connecting", "delivered"), ("text", "unclear")])
def test_what_a_dead_worker_left_is_settled_after_the_lease(
    both_ctx: Flask, both_cast: Cast, post: Post, phase: str, ends: str
) -> None:
    with clock.freeze(NOON):
        number = sent(both_cast)
        claim = delivery._claim(rows(number)[0].key)
        assert claim is not None
        if phase == "text":
            delivery._text_begin_recorder(claim)()
        due_mails.run_due_deliveries()
        assert states(number) == ["sending"]
    with clock.freeze(NOON + delivery.LEASE):
        due_mails.run_due_deliveries()
        jobs.run_due()
    assert states(number) == [ends]
    assert len(post.taken) == (ends == "delivered")


def test_a_worker_that_lost_its_claim_sends_no_text(
    both_ctx: Flask, both_cast: Cast, post: Post
) -> None:
    with clock.freeze(NOON):
        number = sent(both_cast)
        late = delivery._claim(rows(number)[0].key)
        assert late is not None
    with clock.freeze(NOON + delivery.LEASE):
        due_mails.run_due_deliveries()
    with pytest.raises(delivery.ClaimLost):
        delivery._text_begin_recorder(late)()
    assert (states(number), len(post.taken)) == (["delivered"], 1)


def test_eight_workers_send_one_mail(both_app: Flask, both_cast: Cast) -> None:
    with mail_server() as (post, port):
        set_mail(both_app, port)
        with both_app.app_context():
            number = sent(both_cast)
            db.session.remove()
        at_once(both_app, 8, lambda _: (jobs.run_due(), due_mails.run_due_deliveries()))
        with both_app.app_context():
            assert (states(number), len(post.taken)) == (["delivered"], 1)
            db.session.remove()


def test_without_server_address_or_wish_only_the_notice_is_given(ctx: Flask, cast: Cast) -> None:
    number = sent(cast)
    assert states(number) == ["none"]
    with pytest.raises(Rejected, match="没有设置邮件服务器"):
        send_again(number)
    db.session.rollback()
    set_mail(ctx, 9)
    unwilling = person(cast.leader)
    unwilling.email, unwilling.mail_wanted = "leader@staff.test", False
    give_mail(cast.applicant)
    number = sent(cast, cast.leader)
    assert states(number) == ["none"]
    with pytest.raises(Rejected, match="没有开启邮件提醒"):
        send_again(number)
    db.session.rollback()
    assert db.session.scalar(select(func.count()).where(Notice.text.startswith("来函"))) == 2
    assert db.session.scalar(select(func.count()).select_from(Job)) == 0


def test_names_and_subjects_cannot_inject_headers(ctx: Flask, cast: Cast) -> None:
    hostile = ["甲\r\nBcc: x@evil.test", '"甲" <x@evil.test>, 乙', "a,b;c:d@e", "=?utf-8?q?x?="]
    taken = [case.text for case in CASES if not case.refused and not case.raw]
    odd = [text for text in map(normalise, taken) if len(text) in range(1, 41)][::4]
    with mail_server() as (post, port):
        set_mail(ctx, port)
        for n, text in enumerate([*hostile, *odd]):
            name, subject = text, text * (80 // len(text))
            claim = delivery.Claim("k", n, _content(name, subject, f"{text}\n.\n..\n"))
            answer = delivery.smtp.send(
                server(), "p@staff.test", delivery.compose(claim.mail), lambda: None
            )
            assert answer.kind == "delivered", (text, answer)
    for text, mail, envelope in zip([*hostile, *odd], post.messages(), post.taken, strict=True):
        assert envelope.rcpt_tos == ["p@staff.test"]
        assert mail["Bcc"] is None and len(mail.get_all("To")) == 1
        assert [a.addr_spec for a in mail["To"].addresses] == ["p@staff.test"], text
        assert mail.get_content().replace("\r\n", "\n").startswith(text.replace("\r\n", "\n"))


def _content(name: str, subject: str, body: str) -> delivery.MailContent:
    return delivery.MailContent(
        "lab@lab.test", name, "p@staff.test", subject, body, "https://x", "a.b@lab.test", NOON
    )


def test_every_end_of_a_mail_is_in_the_log_and_no_try_is(ctx: Flask, cast: Cast) -> None:
    with mail_server() as (post, port):
        set_mail(ctx, port)
        post.rcpt = ["450 later", "550 never"]
        with clock.freeze(NOON):
            sent(cast)
            jobs.run_due()
        with clock.freeze(NOON + timedelta(minutes=2)):
            due_mails.run_due_deliveries()
    lines = db.session.scalars(select(AuditEvent.detail).where(AuditEvent.action == delivery.JOB))
    assert ['"status": "failed"' in line for line in lines] == [True]


def test_the_database_refuses_a_state_without_its_evidence(
    both_ctx: Flask, both_cast: Cast
) -> None:
    sent(both_cast)
    for change in (
        "UPDATE letter SET sent_at = NULL",
        "UPDATE letter SET status = 'void'",
        "UPDATE letter_recipient SET status = 'waiting'",
        "UPDATE letter_recipient SET status = 'failed'",
    ):
        with pytest.raises(IntegrityError):
            db.session.execute(db.text(change))
        db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Letter)) == 1
    assert db.session.scalar(select(func.count()).select_from(LetterRecipient)) == 1
