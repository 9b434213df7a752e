"""Links for forgotten passwords: to whom they go, how often they work, and what is told."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask, g
from sqlalchemy import func, select, text

from lab import audit, clock
from lab.audit.models import AuditEvent
from lab.db import reading
from lab.extensions import db
from lab.identity.addresses.service import confirm_address, request_confirmation, set_own_mail
from lab.identity.core import sessions
from lab.identity.models.account import AuthSession, Person
from lab.identity.models.addresses import AccountLink
from lab.identity.passwords import service_forgotten, service_resets
from lab.identity.people import service as people_service
from lab.identity.rules.passwords import password_matches
from lab.inbox.mail.account_mail import LINKS_A_DAY
from lab.jobs import service as jobs
from lab.jobs.models import Job
from lab.policy import Actor
from lab.rejected import Rejected
from tests.support.builders.letters import set_mail
from tests.support.cast import Cast, person
from tests.support.concurrency import at_once
from tests.support.servers.mail_server import Post, mail_server
from tests.support.servers.portal_server import free_port

NOON = datetime(2022, 7, 1, 4, 0, tzinfo=UTC)
WEEK = timedelta(days=7)
NEW = "Xinde-2022-mima"
MINE, THEIRS = "jia@staff.test", "qita@staff.test"


@pytest.fixture(autouse=True)
def no_huey(both_app: Flask) -> None:
    jobs.on_wake(both_app, lambda _: None)


@pytest.fixture
def post(both_ctx: Flask) -> Iterator[Post]:
    with mail_server() as (post, port):
        set_mail(both_ctx, port)
        yield post


@contextmanager
def request_of(app: Flask, moment: datetime, address: str = "10.0.0.1") -> Iterator[None]:
    """A post at this moment; the session of the test itself holds nothing meanwhile."""
    db.session.remove()
    where = {"REMOTE_ADDR": address}
    with (
        app.test_request_context("/", method="POST", environ_base=where),
        clock.freeze(moment),
    ):
        try:
            yield
        finally:
            db.session.remove()


def count(query: Any) -> int:
    """A number from the database, read in a transaction that is over afterwards."""
    with reading() as session:
        return int(session.scalar(query) or 0)


def as_(app: Flask, person_id: int, moment: datetime, act: Callable[[Person], None]) -> None:
    """Do one act as this person, and commit."""
    with request_of(app, moment):
        mine = person(person_id)
        g.actor, g.actor_name = Actor(mine.id, mine.roles), mine.name
        act(mine)
        db.session.commit()


def set_own(app: Flask, person_id: int, email: str, moment: datetime = NOON) -> None:
    as_(app, person_id, moment, lambda my: set_own_mail(my, my.version, email, True))


def ask_to_confirm(app: Flask, person_id: int, moment: datetime) -> None:
    as_(app, person_id, moment, request_confirmation)
    work(moment)


def confirm(app: Flask, person_id: int, token: str, moment: datetime) -> None:
    as_(app, person_id, moment, lambda my: confirm_address(my, token))


def set_by_office(app: Flask, cast: Cast, email: str, moment: datetime = NOON) -> None:
    def edit(_office: Person) -> None:
        row = person(cast.applicant)
        kept = {"name": row.name, "unit_id": row.unit_id, "duty": "", "phone": ""}
        people_service.edit_person(row, row.version, email=email, mail_wanted=True, **kept)

    as_(app, cast.office, moment, edit)


def ask(app: Flask, typed: str, moment: datetime, address: str = "10.0.0.1") -> None:
    with request_of(app, moment, address):
        service_forgotten.request_link(typed)
        db.session.commit()


def work(moment: datetime) -> None:
    """The worker's turn: whom it belongs to, then the mail."""
    db.session.remove()
    with clock.freeze(moment):
        jobs.run_due()
        jobs.run_due()
    db.session.remove()


def links(post: Post) -> list[str]:
    """The tokens in the mails that the server took, in order."""
    bodies = [mail.get_content() for mail in post.messages()]
    return [found[1] for body in bodies for found in [re.search(r"\?t=(\S+)", body)] if found]


def asked_link(app: Flask, post: Post, moment: datetime, typed: str = "applicant") -> str:
    ask(app, typed, moment)
    work(moment)
    return links(post)[-1]


def choose(app: Flask, token: str, moment: datetime, new: str = NEW) -> str:
    """Choose a password by a link; the sentence of a refusal, "" when it was done."""
    with request_of(app, moment):
        try:
            service_forgotten.choose_password(token, new)
            db.session.commit()
        except Rejected as error:
            db.session.rollback()
            return error.message
    return ""


# -- to whom -----------------------------------------------------------------------------------


def test_links_go_to_an_address_typed_by_its_owner_a_week_ago(
    both_ctx: Flask, both_cast: Cast, post: Post
) -> None:
    set_own(both_ctx, both_cast.applicant, MINE)
    ask(both_ctx, "applicant", NOON + WEEK - timedelta(seconds=1))
    work(NOON + WEEK - timedelta(seconds=1))
    assert post.taken == []
    for typed in ("applicant", " APPLICANT", MINE, MINE.upper()):
        ask(both_ctx, typed, NOON + WEEK)
        work(NOON + WEEK)
    assert [mail["To"] for mail in post.messages()] == [f"申报甲 <{MINE}>"] * 4
    assert "https://portal.lab.test/forgotten-password/new?t=" in post.messages()[0].get_content()
    for typed in ("nobody", "x@staff.test", "leader", "%", ""):
        ask(both_ctx, typed, NOON + WEEK)
        work(NOON + WEEK)
    assert len(post.taken) == 4


def test_an_address_entered_by_others_waits_for_its_owner(
    both_ctx: Flask, both_cast: Cast, post: Post
) -> None:
    mine = both_cast.applicant
    set_by_office(both_ctx, both_cast, MINE)
    ask(both_ctx, "applicant", NOON + 9 * WEEK)
    work(NOON + 9 * WEEK)
    assert post.taken == [], "however long ago"
    later = NOON + 9 * WEEK
    ask_to_confirm(both_ctx, mine, later)
    (token,) = links(post)
    with pytest.raises(Rejected):
        confirm(both_ctx, both_cast.leader, token, later)
    confirm(both_ctx, mine, token, later)
    with pytest.raises(Rejected):  # once
        confirm(both_ctx, mine, token, later)
    ask(both_ctx, "applicant", later + WEEK - timedelta(seconds=1))
    work(later + WEEK - timedelta(seconds=1))
    assert len(post.taken) == 1
    assert choose(both_ctx, asked_link(both_ctx, post, later + WEEK), later + WEEK) == ""


def test_an_address_without_record_counts_as_entered_by_others(
    both_ctx: Flask, both_cast: Cast, post: Post
) -> None:
    db.session.execute(text("UPDATE person SET email = 'alt@staff.test' WHERE id = 1"))
    audit.record("people.edit")
    db.session.commit()
    ask(both_ctx, "alt@staff.test", NOON + WEEK)
    work(NOON + WEEK)
    assert post.taken == []
    ask_to_confirm(both_ctx, 1, NOON)
    confirm(both_ctx, 1, links(post)[0], NOON)
    assert choose(both_ctx, asked_link(both_ctx, post, NOON + WEEK), NOON + WEEK) == ""


def test_after_a_reset_the_address_must_be_confirmed(
    both_ctx: Flask, both_cast: Cast, post: Post
) -> None:
    """Whoever knew the first password could have typed an address as the owner."""
    mine, reset, later = both_cast.applicant, NOON + WEEK, NOON + 3 * WEEK
    set_own(both_ctx, mine, MINE)
    ask_to_confirm(both_ctx, mine, NOON)
    confirm(both_ctx, mine, links(post)[0], NOON)
    as_(both_ctx, both_cast.office, reset, lambda by: service_resets.reset_password(mine, NEW, by))
    work(reset)
    assert len(post.taken) == 2, "the owner is told of the reset there"
    ask(both_ctx, "applicant", later)
    work(later)
    assert len(post.taken) == 2
    ask_to_confirm(both_ctx, mine, later)
    confirm(both_ctx, mine, links(post)[1], later)
    ask(both_ctx, "applicant", later + WEEK - timedelta(seconds=1))
    work(later + WEEK - timedelta(seconds=1))
    assert len(links(post)) == 2
    other = "Youyige-2022-mima"
    assert choose(both_ctx, asked_link(both_ctx, post, later + WEEK), later + WEEK, other) == ""


def test_a_change_by_others_voids_links_and_is_notified(
    both_ctx: Flask, both_cast: Cast, post: Post
) -> None:
    set_own(both_ctx, both_cast.applicant, MINE)
    token = asked_link(both_ctx, post, NOON + WEEK)
    set_by_office(both_ctx, both_cast, THEIRS, NOON + WEEK)
    assert "失效" in choose(both_ctx, token, NOON + WEEK)
    work(NOON + WEEK)
    told = post.messages()[-1]
    assert told["To"] == f"申报甲 <{MINE}>" and "由经办甲更改或删除" in told.get_content()
    assert THEIRS not in told.get_content()
    ask(both_ctx, THEIRS, NOON + 9 * WEEK)
    set_by_office(both_ctx, both_cast, MINE, NOON + 9 * WEEK)
    ask(both_ctx, "applicant", NOON + 9 * WEEK)
    work(NOON + 9 * WEEK)
    assert "?t=" not in "".join(mail.get_content() for mail in post.messages()[2:])
    assert choose(both_ctx, token, NOON + WEEK) != "", "nor when it is the old address again"


# -- how often, how long -----------------------------------------------------------------------


def test_fifty_at_once_choose_one_password(both_ctx: Flask, both_cast: Cast, post: Post) -> None:
    set_own(both_ctx, both_cast.applicant, MINE)
    token = asked_link(both_ctx, post, NOON + WEEK)
    second = asked_link(both_ctx, post, NOON + WEEK)
    done: list[int] = []
    with pytest.MonkeyPatch.context() as patch, clock.freeze(NOON + WEEK):
        patch.setattr(service_forgotten, "reject_unfit", lambda *_: None)
        patch.setattr(service_forgotten.passwords, "hash_password", lambda new: f"hash of {new}")

        def one(number: int) -> None:
            with both_ctx.test_request_context("/", method="POST"), suppress(Rejected):
                service_forgotten.choose_password((token, second)[number % 2], f"word {number}")
                db.session.commit()
                done.append(number)

        at_once(both_ctx, 50, one)
    assert len(done) == 1
    assert person(both_cast.applicant).password_hash == f"hash of word {done[0]}"
    query = select(func.count()).where(AuditEvent.action == "identity.new_password")
    assert count(query) == 1


@pytest.mark.parametrize(
    ("later", "good"),
    [
        (timedelta(minutes=14, seconds=59), True),
        (timedelta(minutes=15), False),
        (timedelta(minutes=-2), False),  # the clock was set back: it lives no longer for that
    ],
)
def test_a_link_works_for_fifteen_minutes(
    both_ctx: Flask, both_cast: Cast, post: Post, later: timedelta, good: bool
) -> None:
    set_own(both_ctx, both_cast.applicant, MINE)
    token = asked_link(both_ctx, post, NOON + WEEK)
    assert (choose(both_ctx, token, NOON + WEEK + later) == "") is good


def test_a_link_keeps_the_rules_of_passwords_and_ends_sessions(
    both_ctx: Flask, both_cast: Cast, post: Post
) -> None:
    set_own(both_ctx, both_cast.applicant, MINE)
    moment = NOON + WEEK
    with request_of(both_ctx, moment):
        sessions.start(person(both_cast.applicant))
        audit.record("identity.sign_in")
        db.session.commit()
    token = asked_link(both_ctx, post, moment)
    assert "至少10个字符" in choose(both_ctx, token, moment, "short")
    assert "最近五次" in choose(both_ctx, token, moment, "Ceshi-2022-mima")
    assert choose(both_ctx, token, moment) == "", "refused words leave the link good"
    row = person(both_cast.applicant)
    assert password_matches(row.password_hash, NEW) and not row.must_change
    live = select(func.count()).select_from(AuthSession).where(AuthSession.ended_at.is_(None))
    assert count(live) == 0, "and none was begun"
    work(moment)
    assert "已通过邮件链接重新设置" in post.messages()[-1].get_content()


def test_a_closed_account_gets_no_link(both_ctx: Flask, both_cast: Cast, post: Post) -> None:
    set_own(both_ctx, both_cast.applicant, MINE)
    token = asked_link(both_ctx, post, NOON + WEEK)
    people_service.disable(person(both_cast.applicant))
    db.session.commit()
    assert "失效" in choose(both_ctx, token, NOON + WEEK)
    ask(both_ctx, "applicant", NOON + WEEK)
    work(NOON + WEEK)
    assert len(post.taken) == 1


# -- what is kept, and how much is sent --------------------------------------------------------


def test_a_token_is_in_its_mail_and_nowhere_else(
    both_ctx: Flask, both_cast: Cast, post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    set_own(both_ctx, both_cast.applicant, MINE)
    with caplog.at_level("DEBUG"):
        token = asked_link(both_ctx, post, NOON + WEEK)
    for table in ("account_link", "job", "audit_event", "address_change"):
        for row in db.session.execute(text(f"SELECT * FROM {table}")):
            assert token not in repr(row), table
    logged = "".join(repr(vars(row)) for row in caplog.records if row.name.startswith("lab"))
    assert token not in logged and MINE not in logged
    assert len(db.session.scalars(select(AccountLink)).one().token_hash) == 64


def test_input_is_not_stored(both_ctx: Flask, both_cast: Cast, post: Post) -> None:
    ask(both_ctx, "mein-passwort-2022", NOON)
    ask(both_ctx, "applicant", NOON)
    work(NOON)
    rows = db.session.execute(text("SELECT arguments, state FROM job")).all()
    assert [tuple(row) for row in rows] == [('{"what": "forgotten"}', "done")] * 2


def test_mails_are_bounded_by_source_and_by_person(
    both_ctx: Flask, both_cast: Cast, post: Post
) -> None:
    set_own(both_ctx, both_cast.applicant, MINE)
    moment = NOON + WEEK
    for number in range(15):
        ask(both_ctx, f"nobody{number}", moment)
    assert count(select(func.count()).select_from(Job)) == 10
    for number in range(LINKS_A_DAY + 3):
        ask(both_ctx, "applicant", moment, f"10.0.1.{number}")
    work(moment)
    assert len(post.taken) == LINKS_A_DAY
    ask(both_ctx, "applicant", moment + timedelta(days=1))
    work(moment + timedelta(days=1))
    assert len(post.taken) == LINKS_A_DAY + 1


def test_a_deferred_link_is_sent_soon_or_never(
    both_ctx: Flask, both_cast: Cast, post: Post
) -> None:
    set_own(both_ctx, both_cast.applicant, MINE)
    moment, port = NOON + WEEK, both_ctx.config["SETTINGS"].smtp_port
    set_mail(both_ctx, free_port())
    ask(both_ctx, "applicant", moment)
    work(moment)
    assert count(select(func.count()).select_from(AccountLink)) == 0
    set_mail(both_ctx, port)
    work(moment + timedelta(minutes=2))
    assert len(links(post)) == 1
    set_mail(both_ctx, free_port())
    ask(both_ctx, "applicant", moment + timedelta(hours=2))
    for minutes in range(0, 120, 5):
        work(moment + timedelta(hours=2, minutes=minutes))
    set_mail(both_ctx, port)
    work(moment + timedelta(hours=5))
    assert len(links(post)) == 1


def test_the_former_address_is_notified_after_an_outage(
    both_ctx: Flask, both_cast: Cast, post: Post
) -> None:
    port = both_ctx.config["SETTINGS"].smtp_port
    set_own(both_ctx, both_cast.applicant, MINE)
    set_mail(both_ctx, free_port())
    set_by_office(both_ctx, both_cast, THEIRS)
    for minutes in range(0, 180, 9):
        work(NOON + timedelta(minutes=minutes))
    assert post.taken == []
    set_mail(both_ctx, port)
    work(NOON + timedelta(hours=5))
    assert [mail["To"] for mail in post.messages()] == [f"申报甲 <{MINE}>"]


def test_without_a_mail_server_nothing_is_queued(both_ctx: Flask, both_cast: Cast) -> None:
    with pytest.raises(Rejected, match="实施办公室"):
        ask(both_ctx, "applicant", NOON)
    db.session.remove()
    set_own(both_ctx, both_cast.applicant, MINE)
    set_own(both_ctx, both_cast.applicant, THEIRS)
    assert count(select(func.count()).select_from(Job)) == 0
