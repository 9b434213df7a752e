"""A late-entry code is shown once, within ten minutes, and a reload makes no second one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from lxml import html as lxml_html
from sqlalchemy import func, select

from lab import clock
from lab.calls.models.notice import CallLateCode
from lab.extensions import db
from lab.posts import kept_pages
from lab.posts.models import KeptPage
from tests.support.builders.calls import closed_call
from tests.support.cast import Cast
from tests.support.client import PageClient, text_of
from tests.support.concurrency import together

SHOWN_BEFORE = "补报码只显示一次，已显示过"


@pytest.fixture
def office(both_client: PageClient, both_cast: Cast) -> PageClient:
    return both_client.as_(both_cast.office)


@pytest.fixture
def codes(both_app: Flask, both_cast: Cast) -> str:
    """The page on which codes are made."""
    with both_app.app_context():
        key = closed_call(both_cast).key
        db.session.remove()
    return f"/calls/{key}/codes"


def make(office: PageClient, codes: str, cast: Cast) -> str:
    data = {"unit_id": str(cast.post_branch), "reason": "经办人住院。"}
    return office.submit(codes, data).headers["Location"]


def sealed(app: Flask) -> list[str]:
    with app.app_context():
        pages = list(db.session.scalars(select(KeptPage.sealed)))
        db.session.remove()
    return pages


def test_a_reload_shows_no_code_and_makes_none(
    both_app: Flask, office: PageClient, codes: str, both_cast: Cast
) -> None:
    address = make(office, codes, both_cast)
    page = office.get(address)
    code = lxml_html.fromstring(page.text).xpath("string(//p[@class='late-code'])").strip()
    assert code and code not in "".join(sealed(both_app))
    for _reload in range(2):
        again = office.get(address)
        assert SHOWN_BEFORE in text_of(again) and code not in again.text
        assert lxml_html.fromstring(again.text).xpath(f"//main//a[@href='{codes}']")
    assert sealed(both_app) == [""]
    with both_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(CallLateCode)) == 1
        db.session.remove()


def test_two_looks_at_once_show_the_code_to_one(
    both_app: Flask, office: PageClient, codes: str, both_cast: Cast
) -> None:
    address, cookie = make(office, codes, both_cast), office.http.get_cookie("lab")
    assert cookie

    def read(_number: int) -> bool:
        browser = both_app.test_client()
        browser.set_cookie("lab", cookie.value)
        return "late-code" in browser.get(address).text

    assert sorted(together(3, read)) == [False, False, True]


def test_a_code_waits_ten_minutes_and_not_longer(
    both_app: Flask, office: PageClient, codes: str, both_cast: Cast
) -> None:
    address = make(office, codes, both_cast)
    with clock.freeze(clock.now() + timedelta(minutes=11)):
        assert SHOWN_BEFORE in text_of(office.get(address))
        with both_app.app_context():
            kept_pages.purge_expired()
    assert sealed(both_app) == [""]
    with clock.freeze(clock.now() + timedelta(hours=25)), both_app.app_context():
        kept_pages.purge_expired()
    assert sealed(both_app) == []
    assert office.http.get(address).headers["Location"] == codes


def test_a_code_is_shown_to_nobody_else(
    both_client: PageClient, office: PageClient, codes: str, both_cast: Cast
) -> None:
    address = make(office, codes, both_cast)
    for person in (both_cast.office, both_cast.office2):
        assert both_client.as_(person).http.get(address).status_code == 303
    assert "late-code" in office.get(address).text
