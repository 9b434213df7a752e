"""The inbox as a person meets it."""

from __future__ import annotations

from flask import Flask

from lab import audit
from lab.extensions import db
from lab.inbox.notices.service import notify
from tests.support.cast import Cast
from tests.support.client import PageClient, text_of


def tell(app: Flask, person_id: int, *texts: str) -> None:
    with app.app_context():
        for words in texts:
            notify([person_id], words, "/calls")
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
