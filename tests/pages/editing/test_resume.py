"""Text that was posted after the sign-in had ended: it waits for the person who typed it."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from lxml import html as lxml_html
from sqlalchemy import update
from werkzeug.test import TestResponse

from lab import audit, clock
from lab.extensions import db
from lab.identity.models.account import AuthSession, Person
from lab.proposals.models.proposal import Proposal
from tests.support.builders.calls import open_call
from tests.support.builders.proposals import filled_draft
from tests.support.cast import PASSWORD, Cast
from tests.support.client import PageClient, check_page

ORIGIN = {"Origin": "http://localhost"}
TEXT = "写了一个小时的背景"


@pytest.fixture
def address(app: Flask, cast: Cast) -> str:
    with app.app_context():
        key = filled_draft(cast, open_call(cast)).key
        db.session.remove()
    return f"/proposals/{key}/edit/background"


def typed(client: PageClient, address: str) -> dict[str, str]:
    """The page as its writer left it: opened, and text typed."""
    root = lxml_html.fromstring(client.get(address).text)
    form = root.xpath("//main//form[.//textarea[@name='background']]")[0]
    return {**dict(form.form_values()), "background": TEXT}


def post(client: PageClient, address: str, values: dict[str, Any], status: int) -> TestResponse:
    answer = client.http.post(address, data=values, headers=ORIGIN)
    assert answer.status_code == status, answer.text[:500]
    check_page(answer)
    return answer


def press(client: PageClient, page: TestResponse, status: int, **more: str) -> TestResponse:
    """Press the button of the page's form."""
    form = lxml_html.fromstring(page.text).xpath("//main//form")[0]
    # A browser takes away the line end that stands first in a text area.
    values = {name: str(value).removeprefix("\n") for name, value in form.form_values()}
    body: dict[str, Any] = {**values, **more}
    if form.get("enctype"):  # a form for files without one
        body["none"] = (io.BytesIO(b""), "")
    return post(client, form.get("action"), body, status)


def stored(app: Flask) -> str:
    with app.app_context():
        text = db.session.query(Proposal).one().background
        db.session.remove()
    return text


def end_sessions(client: PageClient) -> None:
    with client.app.app_context():
        db.session.execute(update(AuthSession).values(ended_at=clock.now()))
        db.session.commit()
        db.session.remove()


def sign_out(client: PageClient) -> None:
    client.post("/sign-out")


@pytest.mark.parametrize("end", [end_sessions, sign_out], ids=["ended", "signed out"])
def test_text_outlives_wrong_passwords_and_is_sent_by_one_click(
    client: PageClient, app: Flask, cast: Cast, address: str, end: Callable[[PageClient], None]
) -> None:
    mine = client.as_(cast.applicant)
    values = typed(mine, address)
    end(mine)
    page = post(mine, address, values, 401)
    for wrong in ("", "typo"):
        page = press(mine, page, 422, name="applicant", password=wrong)
        assert TEXT in page.text and 'role="alert"' in page.text
    page = press(mine, page, 200, name="applicant", password=PASSWORD)
    assert "已登录，请继续提交" in page.text and "过期" not in page.text
    press(mine, page, 303)
    assert stored(app) == TEXT


def test_text_is_not_sent_in_another_persons_name(
    client: PageClient, app: Flask, cast: Cast, address: str
) -> None:
    mine = client.as_(cast.applicant)
    values = typed(mine, address)
    end_sessions(mine)
    page = post(mine, address, values, 401)
    page = press(mine, page, 200, name="leader", password=PASSWORD)
    assert "不是填写人本人" in page.text
    assert mine.http.get("/").status_code == 303, "nobody is signed in"
    page = press(mine, page, 200, name="applicant", password=PASSWORD)
    press(mine, page, 303)
    assert stored(app) == TEXT


def test_a_page_of_who_sat_here_before_is_not_saved(
    client: PageClient, app: Flask, cast: Cast, address: str
) -> None:
    values = typed(client.as_(cast.applicant), address)
    theirs = client.as_(cast.leader)
    page = post(theirs, address, values, 409)
    assert "现在登录的不是打开本页的人" in page.text
    page = press(theirs, page, 200, name="applicant", password=PASSWORD)
    press(theirs, page, 303)
    assert stored(app) == TEXT


def test_a_browser_nobody_knows_gets_nothing_back(
    client: PageClient, cast: Cast, address: str
) -> None:
    values = typed(client.as_(cast.applicant), address)
    assert TEXT not in post(client, address, values, 401).text
    kept = {"kept-background": TEXT, "name": "applicant", "password": "typo"}
    answer = post(client, "/sign-in?resume=/x", {**kept, "csrf_token": client.token()}, 422)
    assert TEXT not in answer.text


@pytest.mark.parametrize(
    ("path", "referrer", "back"),
    [
        ("/calls/new?a=1", "", "/calls/new?a=1"),  # a form's address shows the form
        ("/inbox/read", "http://localhost/inbox?page=2", "/inbox?page=2"),
        ("/inbox/read", "http://localhost/releases/x/agree", "/"),  # no page either
        ("/inbox/read", "http://evil.test/inbox", "/"),
        ("/inbox/read", "", "/"),
    ],
)
def test_who_never_signed_in_is_led_back_after_signing_in(
    client: PageClient, cast: Cast, path: str, referrer: str, back: str
) -> None:
    headers = {"Origin": "http://localhost", **({"Referer": referrer} if referrer else {})}
    page = client.http.post(path, headers=headers)
    assert page.status_code == 401
    check_page(page)
    links = {a.text: a.get("href") for a in lxml_html.fromstring(page.text).iter("a")}
    assert parse_qs(urlsplit(links["登录"]).query) == {"next": [back]}
    answer = client.submit(links["登录"], {"name": "office", "password": PASSWORD})
    assert answer.headers["Location"] == back


def test_text_waits_while_a_new_password_is_asked_for(
    client: PageClient, app: Flask, cast: Cast, address: str
) -> None:
    mine = client.as_(cast.applicant)
    values = typed(mine, address)
    must_change(app, cast.applicant)
    page = post(mine, address, values, 409)
    new = "Gengxin-2022-mima"
    mine.submit(
        "/account/password", {"password": PASSWORD, "new_password": new, "repeat_password": new}
    )
    press(mine, page, 303)
    assert stored(app) == TEXT


def test_text_outlives_an_account_that_has_to_wait(
    client: PageClient, app: Flask, cast: Cast, address: str
) -> None:
    mine = client.as_(cast.applicant)
    values = typed(mine, address)
    end_sessions(mine)
    page, moment = post(mine, address, values, 401), clock.now()
    for _ in range(6):  # a minute after the other, so that the address need not wait
        moment += timedelta(minutes=1)
        with clock.freeze(moment):
            page = press(mine, page, 422, name="applicant", password="typo")
    with clock.freeze(moment + timedelta(seconds=10)):
        page = press(mine, page, 422, name="applicant", password=PASSWORD)
        assert TEXT in page.text
    with clock.freeze(moment + timedelta(minutes=20)):
        page = press(mine, page, 200, name="applicant", password=PASSWORD)
        press(mine, page, 303)
    assert stored(app) == TEXT


def test_the_longest_text_outlives_the_sign_in(
    client: PageClient, app: Flask, cast: Cast, address: str
) -> None:
    mine = client.as_(cast.applicant)
    longest = "长" * 230_000  # nine bytes each, as a form sends them: 2 MB are taken at most
    values = {**typed(mine, address), "background": longest}
    end_sessions(mine)
    page = post(mine, address, values, 401)
    page = press(mine, page, 422, name="applicant", password="typo")
    page = press(mine, page, 200, name="applicant", password=PASSWORD)
    page = press(mine, page, 422)
    assert longest in page.text


def test_a_new_password_asked_for_at_sign_in_is_named_at_once(
    client: PageClient, app: Flask, cast: Cast, address: str
) -> None:
    mine = client.as_(cast.applicant)
    values = typed(mine, address)
    end_sessions(mine)
    must_change(app, cast.applicant)
    page = post(mine, address, values, 401)
    page = press(mine, page, 200, name="applicant", password=PASSWORD)
    assert "请先修改密码" in page.text
    new = "Gengxin-2022-mima"
    mine.submit(
        "/account/password", {"password": PASSWORD, "new_password": new, "repeat_password": new}
    )
    press(mine, page, 303)
    assert stored(app) == TEXT


def test_signing_in_again_in_two_tabs_keeps_both_texts(
    client: PageClient, app: Flask, cast: Cast, address: str
) -> None:
    mine = client.as_(cast.applicant)
    values = typed(mine, address)
    end_sessions(mine)
    one, other = post(mine, address, values, 401), post(mine, address, values, 401)
    one = press(mine, one, 200, name="applicant", password=PASSWORD)
    wrong = press(mine, other, 422, name="applicant", password="typo")  # a stale token by now
    assert TEXT in wrong.text
    other = press(mine, wrong, 200, name="applicant", password=PASSWORD)
    press(mine, one, 303)
    press(mine, other, 409)  # both texts are shown, none is lost
    assert stored(app) == TEXT


def test_files_to_choose_again_are_named(client: PageClient, cast: Cast, address: str) -> None:
    mine = client.as_(cast.applicant)
    end_sessions(mine)
    files = address.replace("background", "files")
    body = {"files": (io.BytesIO(b"x"), "意向书.pdf"), "version": "1"}
    page = post(mine, files, body, 401)
    for status, password in ((422, "typo"), (200, PASSWORD)):
        assert "需要重新选择：意向书.pdf" in page.text and "multipart" in page.text
        page = press(mine, page, status, name="applicant", password=password)
    assert "需要重新选择：意向书.pdf" in page.text


def test_a_password_to_type_again_is_named(client: PageClient, cast: Cast) -> None:
    mine = client.as_(cast.applicant)
    end_sessions(mine)
    page = post(mine, "/account/password", {"password": PASSWORD, "new_password": "x"}, 401)
    assert "密码和补报码没有保留，需要重新填写" in page.text and PASSWORD not in page.text
    page = press(mine, page, 200, name="applicant", password=PASSWORD)
    assert "密码和补报码没有保留，需要重新填写" in page.text
    press(mine, page, 422)  # the form itself asks for them


def must_change(app: Flask, person_id: int) -> None:
    with app.app_context():
        db.session.execute(update(Person).where(Person.id == person_id).values(must_change=True))
        audit.record("people.reset_password")
        db.session.commit()
        db.session.remove()
