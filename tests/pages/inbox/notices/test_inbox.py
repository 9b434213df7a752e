"""The inbox as a person meets it."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import event
from werkzeug.test import TestResponse

from lab import audit
from lab.extensions import db
from lab.inbox.models.notices import Notice
from lab.inbox.notices.service import notify
from lab.proposals.writing import service as drafts
from lab.web.links import About
from tests.support.builders.calls import open_call
from tests.support.builders.proposals import unconfirmed_draft
from tests.support.cast import Cast
from tests.support.client import PageClient, text_of


def tell(app: Flask, person_id: int, *texts: str) -> None:
    with app.app_context():
        for words in texts:
            notify([person_id], words)
        audit.record("call.publish")
        db.session.commit()


def test_notices_are_newest_first_with_an_unread_count(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    tell(app, cast.applicant, "第一条", "第二条")
    mine = client.as_(cast.applicant)
    page = mine.get("/inbox")
    assert text_of(page).index("第二条") < text_of(page).index("第一条")
    assert "有2条未读" in text_of(page)
    assert 'class="inbox-count">2<' in mine.get("/calls").text


def test_all_are_marked_read_at_once_and_only_ones_own(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    tell(app, cast.applicant, "第一条", "第二条")
    tell(app, cast.leader, "别人的")
    mine = client.as_(cast.applicant)
    mine.post("/inbox/read")
    page = mine.get("/inbox")
    assert "没有未读通知" in text_of(page) and "别人的" not in text_of(page)
    assert "inbox-count" not in page.text
    assert 'class="inbox-count">1<' in client.as_(cast.leader).get("/calls").text


def test_an_empty_inbox_says_what_will_come(client: PageClient, cast: Cast) -> None:
    assert "还没有通知" in text_of(client.as_(cast.stranger).get("/inbox"))


def test_administrators_have_notices_and_no_letters(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    tell(app, cast.system, "有事项等待复核")
    page = client.as_(cast.system).get("/inbox")
    assert "有事项等待复核" in text_of(page) and "/inbox/letters" not in page.text
    client.as_(cast.system).get("/inbox/letters", status=403)


def links_in(page: TestResponse) -> list[str]:
    """The addresses of the notices that lead somewhere, newest first."""
    return re.findall('class="notice-text"><a href="([^"]+)"', page.text)


def test_a_notice_leads_to_what_it_is_about(app: Flask, client: PageClient, cast: Cast) -> None:
    with app.app_context():
        call = open_call(cast)
        notify([cast.applicant], "通知有修改", About.of(call, "revision", 1))
        audit.record("call.publish")
        db.session.commit()
        path = f"/calls/{call.key}/revisions/1"
    mine = client.as_(cast.applicant)
    assert path in links_in(mine.get("/inbox"))
    mine.get(path)


def test_a_notice_without_a_page_shows_its_text(app: Flask, client: PageClient, cast: Cast) -> None:
    with app.app_context():
        draft = unconfirmed_draft(cast, open_call(cast))
        notify([cast.office], "草稿已删除", About.of(draft))
        db.session.add(Notice(person_id=cast.office, text="功能已取消", about_kind="Removed"))
        db.session.add(Notice(person_id=cast.office, text="旧地址", address="/of/before"))
        drafts.delete_draft(draft)
        db.session.commit()
    page = client.as_(cast.office).get("/inbox")
    assert "草稿已删除" in text_of(page) and "功能已取消" in text_of(page)
    assert links_in(page) == ["/of/before"]


def test_a_notice_is_refused_for_a_kind_without_a_page(ctx: Flask, cast: Cast) -> None:
    with pytest.raises(KeyError):
        notify([cast.applicant], "无处可去", About("Unknown", "k" * 12))


def test_more_notices_take_no_more_queries(app: Flask, client: PageClient, cast: Cast) -> None:
    with app.app_context():
        call = open_call(cast)
        abouts = [About.of(unconfirmed_draft(cast, call)) for _ in range(6)]
        engine = db.engine
    mine = client.as_(cast.stranger)
    asked: list[str] = []

    def note(_c: object, _cur: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("PRAGMA"):  # it says whether the connection may write
            asked.append(statement)

    def queries_with(*new: About) -> int:
        with app.app_context():
            for about in new:
                notify([cast.stranger], "提醒", about)
            audit.record("call.publish")
            db.session.commit()
        event.listen(engine, "before_cursor_execute", note)
        mine.get("/inbox")
        event.remove(engine, "before_cursor_execute", note)
        number = len(asked)
        asked.clear()
        return number

    assert queries_with(abouts[0]) == queries_with(*abouts[1:])
