"""What is typed in any form and not sent yet: kept for its writer, and for nobody else."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from lxml import html as lxml_html
from sqlalchemy import func, select

from lab import clock
from lab.audit.models import AuditEvent
from lab.calls.models.call import Call
from lab.editing import drafts, tabs
from lab.editing.models import HAS_DRAFT, EditorTabState
from lab.extensions import db
from tests.support.builders.calls import draft_call, open_call
from tests.support.builders.proposals import filled_draft
from tests.support.cast import Cast
from tests.support.client import PageClient

SCRIPT = {"Origin": "http://localhost", "Accept": "application/json"}
TAB, OTHER_TAB = "a1b2c3d4e5f6", "f6e5d4c3b2a1"
NOON = datetime(2022, 7, 1, 4, 0, tzinfo=UTC)


@dataclass
class Page:
    """A form open in a browser, as its script asks the server about it."""

    client: PageClient
    place: str
    tab: str = TAB

    def ask(self, address: str, number: int, **more: Any) -> Any:
        sent = {"csrf_token": self.client.token(), "form_path": self.place, **more}
        sent |= {"tab": f"{self.tab}:{number}"}
        answer = self.client.http.post(f"/editing/{address}", data=sent, headers=SCRIPT)
        return {"status": answer.status_code, **answer.json}

    def type(self, number: int, text: str, **more: Any) -> Any:
        """Keep a draft in which the notice says this."""
        values = json.dumps([["title", "2022年征集"], ["notice_text", text]])
        return self.ask("draft", number, values=values, version="1", **more)

    def waiting(self) -> Any:
        """The text that a page opened now is offered, None for nothing."""
        draft = self.ask("presence", 0, opened="1")["draft"]
        return draft and dict(draft["values"])["notice_text"]


@pytest.fixture
def place(both_app: Flask, both_cast: Cast) -> str:
    with both_app.app_context():
        key = draft_call(both_cast).key
        db.session.remove()
    return f"/calls/{key}/edit"


@pytest.fixture
def page(both_client: PageClient, both_cast: Cast, place: str) -> Page:
    return Page(both_client.as_(both_cast.office), place)


def notice(app: Flask) -> str:
    with app.app_context():
        text = db.session.scalars(select(Call.notice_text)).one()
        db.session.remove()
    return text


def lines(app: Flask) -> int:
    with app.app_context():
        count = db.session.scalar(select(func.count()).select_from(AuditEvent)) or 0
        db.session.remove()
    return count


def test_unsent_text_waits_for_its_writer_and_changes_nothing(
    page: Page, both_app: Flask, both_client: PageClient, both_cast: Cast, place: str
) -> None:
    before = notice(both_app), lines(both_app)
    assert page.type(1, "写到一半")["status"] == 200
    assert page.type(2, "写到一半，接着写")["draft_at"]
    assert page.waiting() == "写到一半，接着写"
    assert Page(both_client.as_(both_cast.office2), place).waiting() is None
    assert (notice(both_app), lines(both_app)) == before


def test_passwords_are_never_saved_in_drafts(page: Page) -> None:
    typed = [["password", "geheim-1"], ["new_password", "geheim-2"], ["notice_text", "写到一半"]]
    page.ask("draft", 1, values=json.dumps(typed), version="1")
    draft = page.ask("presence", 0, opened="1")["draft"]
    assert draft["values"] == [["notice_text", "写到一半"]]


def test_a_late_draft_does_not_replace_a_newer_one(page: Page) -> None:
    page.type(2, "新写的")
    assert page.type(1, "先写的")["state"] == "late"
    assert page.waiting() == "新写的"


def test_sending_a_form_discards_its_drafts(page: Page, both_app: Flask) -> None:
    page.type(3, "快写好了")
    form = lxml_html.fromstring(page.client.get(page.place).text).xpath("//main//form")[0]
    sent = {**dict(form.form_values()), "notice_text": "写好了"}
    sent |= {"tab": f"{TAB}:4", "form_path": page.place}
    answer = page.client.http.post(page.place, data=sent, headers={"Origin": "http://localhost"})
    assert (answer.status_code, notice(both_app)) == (303, "写好了")
    assert page.waiting() is None
    assert page.type(4, "晚到的")["state"] == "late"
    assert page.waiting() is None


def test_a_draft_taken_up_by_another_page_or_not_wanted_is_gone(page: Page) -> None:
    page.type(2, "关闭前写的")
    new = Page(page.client, page.place, OTHER_TAB)
    new.type(1, "关闭前写的，再加一句", adopted=f"{TAB}:2")
    assert page.waiting() == "关闭前写的，再加一句"
    new.ask("draft", 1, forget="1", adopted=f"{OTHER_TAB}:1")
    assert page.waiting() is None


def test_who_may_not_post_the_form_saves_no_draft(
    both_client: PageClient, both_app: Flask, both_cast: Cast, place: str
) -> None:
    before = lines(both_app)
    for where in (place, "/nowhere", "//elsewhere", "/calls/zzzzzzzzzzzz/edit", "", "/health"):
        stranger = Page(both_client.as_(both_cast.reviewer), where)
        answer = stranger.type(1, "评委写的")
        assert (answer["status"], answer["state"]) == (409, "closed")
        assert stranger.ask("presence", 1, opened="1") == {"status": 200, "others": []}
    assert lines(both_app) == before, "looking whether one may is no attempt"


@pytest.mark.parametrize("values", ["", "x", "7", "[1]", "{}x"])
def test_an_incomplete_draft_is_reported(page: Page, values: str) -> None:
    assert page.ask("draft", 1, values=values)["status"] == 422


def test_drafts_are_bounded(page: Page, both_app: Flask, monkeypatch: Any) -> None:
    assert page.type(1, "长" * (drafts.MAX_BYTES // len(r"\u957f")))["status"] == 409
    monkeypatch.setattr(drafts, "MAX_DRAFTS", 3)
    for number in range(5):
        Page(page.client, page.place, f"{number}" * 12).type(1, f"第{number}份")
    with both_app.app_context():
        kept = select(EditorTabState.tab).where(HAS_DRAFT)
        assert set(db.session.scalars(kept)) == {f"{number}" * 12 for number in (2, 3, 4)}
        db.session.remove()


def test_unsent_text_is_saved_for_a_month(page: Page, both_app: Flask) -> None:
    start = clock.now()
    page.type(1, "放了很久")
    for days, wanted in ((29, 1), (31, 0)):
        with both_app.app_context(), clock.freeze(start + timedelta(days=days)):
            tabs.purge_expired()
            assert len(db.session.scalars(select(EditorTabState.id)).all()) == wanted
            db.session.remove()


# -- the session -------------------------------------------------------------------------------


def test_typing_keeps_the_session_alive_presence_does_not(
    both_client: PageClient, both_app: Flask, both_cast: Cast
) -> None:
    with both_app.app_context():
        key = filled_draft(both_cast, open_call(both_cast)).key
        db.session.remove()
    place = f"/proposals/{key}/edit/background"
    with clock.freeze(NOON):
        typing = Page(both_client.as_(both_cast.applicant), place)
        idle = Page(both_client.as_(both_cast.applicant), place, OTHER_TAB)
        token = {page.tab: page.client.token() for page in (typing, idle)}
    for minutes in (20, 40, 60):
        with clock.freeze(NOON + timedelta(minutes=minutes)):
            alive = send(idle, "presence", minutes, token)
            assert alive == (200 if minutes < 30 else 401)
            assert send(typing, "draft", minutes, token) == 200


def send(page: Page, address: str, number: int, token: dict[str, str]) -> int:
    """The script's own request; asking for a token would be a visit."""
    sent = {"csrf_token": token[page.tab], "form_path": page.place, "values": "[]"}
    sent["tab"] = f"{page.tab}:{number}"
    return page.client.http.post(f"/editing/{address}", data=sent, headers=SCRIPT).status_code


# -- who is writing ----------------------------------------------------------------------------


def test_those_who_share_a_text_see_who_writes_it(
    page: Page, both_client: PageClient, both_cast: Cast, place: str
) -> None:
    theirs = Page(both_client.as_(both_cast.office2), place, OTHER_TAB)
    assert theirs.ask("presence", 0)["others"] == []
    assert page.ask("presence", 0)["others"] == ["经办乙正在编辑本页。"]
    with clock.freeze(clock.now() + timedelta(seconds=91)):
        assert page.ask("presence", 0)["others"] == []


def test_a_form_that_is_nobody_elses_business_shows_nobody(
    both_client: PageClient, both_cast: Cast
) -> None:
    mine = Page(both_client.as_(both_cast.applicant), "/account/mail")
    theirs = Page(both_client.as_(both_cast.leader), "/account/mail", OTHER_TAB)
    assert theirs.ask("presence", 0)["others"] == []
    assert mine.ask("presence", 0)["others"] == []


def test_a_made_up_page_name_does_not_stop_a_form(page: Page, both_app: Flask) -> None:
    form = lxml_html.fromstring(page.client.get(page.place).text).xpath("//main//form")[0]
    sent = {**dict(form.form_values()), "notice_text": "写好了"}
    sent |= {"tab": f"{TAB}:4", "form_path": "/" + "x" * 160}
    answer = page.client.http.post(page.place, data=sent, headers={"Origin": "http://localhost"})
    assert (answer.status_code, notice(both_app)) == (303, "写好了")
