"""A forgotten password and the address it needs, as people meet them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from lab import audit, clock
from lab.extensions import db
from lab.identity.core import links
from lab.identity.models.addresses import ADDRESS, PASSWORD, AddressChange
from lab.jobs import service as jobs
from tests.support.builders.letters import set_mail
from tests.support.cast import PASSWORD as OLD
from tests.support.cast import Cast, person
from tests.support.client import PageClient, text_of
from tests.support.servers.portal_server import free_port

NOON = datetime(2022, 7, 1, 4, 0, tzinfo=UTC)
NEW = "Xinde-2022-mima"
MINE = "jia@staff.test"
LINK = "/forgotten-password/new?t="


@pytest.fixture
def mailing(app: Flask) -> Iterator[None]:
    """A mail server is set; nobody asks it."""
    jobs.on_wake(app, lambda _: None)
    set_mail(app, free_port())
    with clock.freeze(NOON):
        yield


def give(app: Flask, person_id: int, *purposes: str) -> None:
    """An address of the person's own, and links with their purpose for a token."""
    with app.app_context():
        row = person(person_id)
        row.email = MINE
        db.session.add(AddressChange(person_id=person_id, email=MINE, changed_by_id=person_id))
        audit.record("identity.mail", row)
        db.session.commit()
        for purpose in purposes:
            links.store_link(purpose, purpose, row, MINE)
        db.session.remove()


def test_the_page_says_whom_to_ask_where_there_is_no_mail(client: PageClient, cast: Cast) -> None:
    assert 'href="/forgotten-password"' in client.get("/sign-in").text
    page = client.get("/forgotten-password")
    assert "请与实施办公室联系" in text_of(page) and "<form" not in page.text
    assert "没有其他系统管理员的请与服务器管理员联系" in text_of(page)
    client.post("/forgotten-password", {"typed": "applicant"}, status=409)


def test_everybody_is_answered_alike(client: PageClient, cast: Cast, mailing: None) -> None:
    give(client.app, cast.applicant)
    pages = set()
    for typed in ("applicant", MINE, "nobody", "x@y.test", "leader", "a" * 120):
        answer = client.submit("/forgotten-password", {"typed": typed})
        page = client.get(answer.headers["Location"])
        hidden = re.sub(r'nonce[=-]"?[\w-]+', "", page.text)
        pages.add((answer.status_code, answer.headers["Location"], hidden))
    assert len(pages) == 1 and "已收到申请" in pages.pop()[2]
    over = client.submit("/forgotten-password", {"typed": "长" * 121}, status=422)
    assert "长" * 9 not in over.text


def test_a_link_is_redeemed_by_the_button_and_not_by_opening_it(
    client: PageClient, cast: Cast, mailing: None
) -> None:
    give(client.app, cast.applicant, PASSWORD)
    other = client.as_(cast.applicant)
    for _ in range(3):
        page = client.get(LINK + PASSWORD)
        assert page.headers["Referrer-Policy"] == "no-referrer"
    both = {"new_password": NEW, "repeat_password": NEW}
    client.submit(LINK + PASSWORD, {**both, "repeat_password": NEW + "x"}, status=422)
    client.submit(LINK + PASSWORD, {"new_password": "a", "repeat_password": "a"}, status=422)
    done = client.submit(LINK + PASSWORD, both)
    assert done.headers["Location"] == "/sign-in"
    assert "请用新密码登录" in text_of(client.get("/sign-in"))
    assert other.http.get("/").status_code == 303, "who was signed in no longer is"
    again = client.get(LINK + PASSWORD)
    assert "链接可能已经用过" in text_of(again)
    assert again.headers["Referrer-Policy"] == "no-referrer"
    client.post(LINK + PASSWORD, both, status=422)
    client.submit("/sign-in", {"name": "applicant", "password": NEW})


@pytest.mark.parametrize("token", ["", "x", ADDRESS, "%00", "%ED%A0%80", "x" * 3000])
def test_a_wrong_link_is_a_clear_page(
    client: PageClient, cast: Cast, mailing: None, token: str
) -> None:
    give(client.app, cast.applicant, PASSWORD, ADDRESS)
    assert "链接可能已经用过" in text_of(client.get(LINK + token))
    client.post(LINK + token, {"new_password": NEW, "repeat_password": NEW}, status=422)


def test_a_link_opens_before_the_first_password_is_changed(
    client: PageClient, cast: Cast, mailing: None
) -> None:
    give(client.app, cast.applicant, PASSWORD)
    mine = client.as_(cast.applicant)
    with client.app.app_context():
        person(cast.applicant).must_change = True
        links.store_link("another", PASSWORD, person(cast.applicant), MINE)
        db.session.remove()
    mine.get("/forgotten-password")
    mine.get(LINK + "another")


# -- the address -------------------------------------------------------------------------------


def test_the_page_of_the_address_says_what_it_is_good_for(
    client: PageClient, cast: Cast, mailing: None
) -> None:
    mine = client.as_(cast.applicant)
    assert "找回密码" not in text_of(mine.get("/account/mail"))
    mine.submit("/account/mail", {"email": MINE})
    page = text_of(mine.get("/account/mail"))
    assert "由本人于2022年7月1日 12:00填写" in page and "2022年7月8日 12:00起可以" in page
    with clock.freeze(NOON + timedelta(days=7)):
        page = text_of(client.as_(cast.applicant).get("/account/mail"))
    assert "用于找回密码现在可以" in page.replace(" ", "")


def test_an_address_from_the_office_is_confirmed_by_its_owner(
    client: PageClient, cast: Cast, mailing: None
) -> None:
    office = client.as_(cast.office)
    with client.app.app_context():
        key = person(cast.applicant).key
        db.session.remove()
    office.submit(f"/people/{key}/edit", {"email": MINE})
    client.submit("/sign-in", {"name": "applicant", "password": OLD})
    page = text_of(client.get("/account/mail"))
    assert f"您的邮箱已于2022年7月1日 12:00由经办甲填为 {MINE}" in page
    assert "由经办甲于2022年7月1日 12:00填写" in page and "本人确认满七天后可以" in page
    client.post("/sign-out")
    client.submit("/sign-in", {"name": "applicant", "password": OLD})
    assert "您的邮箱已于" not in text_of(client.get("/account/mail")), "told once"
    client.post("/account/mail/confirmation")
    with client.app.app_context():
        links.store_link("token", ADDRESS, person(cast.applicant), MINE)
        db.session.remove()
    link = "/account/mail/confirm?t=token"
    stranger = client.as_(cast.stranger)
    assert "链接可能已经用过" in text_of(stranger.get(link))
    stranger.post(link, status=422)
    nobody = PageClient(client.app)
    answer = nobody.http.get(link)
    assert answer.headers["Location"] == "/sign-in?next=/account/mail/confirm%3Ft%3Dtoken"
    page = client.get(link)
    assert page.headers["Referrer-Policy"] == "no-referrer"
    client.submit(link)
    page = text_of(client.get("/account/mail"))
    assert "邮箱已确认" in page and "2022年7月8日 12:00起可以" in page
    client.post(link, status=422)


def test_a_link_confirms_one_persons_present_address(
    client: PageClient, cast: Cast, mailing: None
) -> None:
    give(client.app, cast.applicant, ADDRESS)
    give(client.app, cast.stranger)  # at the same address
    with client.app.app_context():  # sent while its owner changed the address
        links.store_link("late", ADDRESS, person(cast.applicant), "former@staff.test")
        db.session.remove()
    path, mine = "/account/mail/confirm?t=", client.as_(cast.applicant)
    client.as_(cast.stranger).post(path + ADDRESS, status=422)
    assert "链接可能已经用过" in text_of(mine.get(path + "late"))
    mine.post(path + "late", status=422)
    mine.submit(path + ADDRESS)
    assert "邮箱已确认" in text_of(mine.get("/account/mail"))


def test_owners_are_told_once_writing_is_possible_again(
    client: PageClient, cast: Cast, mailing: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    give(client.app, cast.applicant)
    with client.app.app_context():
        change = db.session.query(AddressChange).one()
        change.changed_by_id = cast.office
        audit.record("people.edit")
        db.session.commit()
        db.session.remove()
    with monkeypatch.context() as patch:
        patch.setattr("lab.identity.sign_in.views.suspension.is_suspended", lambda: True)
        client.submit("/sign-in", {"name": "applicant", "password": OLD})
    assert "您的邮箱已于" not in text_of(client.get("/"))
    client.post("/sign-out")
    client.submit("/sign-in", {"name": "applicant", "password": OLD})
    assert "您的邮箱已于" in text_of(client.get("/"))


def test_administrators_have_an_address_of_their_own(
    client: PageClient, cast: Cast, mailing: None
) -> None:
    for who in (cast.system, cast.security, cast.audit):
        admin = client.as_(who)
        admin.submit("/account/mail", {"email": f"{who}@staff.test"})
        assert "由本人于" in text_of(admin.get("/account/mail"))


def test_without_an_address_nothing_is_confirmed(
    client: PageClient, cast: Cast, mailing: None
) -> None:
    page = client.as_(cast.applicant).post("/account/mail/confirmation", status=409)
    assert "请先填写并保存邮箱" in text_of(page)
