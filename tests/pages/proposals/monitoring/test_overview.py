"""The office's overview of a call and 催办 as the office meets them."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import event, select
from werkzeug.test import TestResponse

from lab import clock
from lab.extensions import db
from lab.inbox.models.notices import Notice
from tests.support.builders.calls import draft_call, open_call
from tests.support.builders.proposals import empty_draft, filled_draft, submitted_proposal
from tests.support.cast import Cast, unit
from tests.support.client import PageClient, text_of

MORNING = clock.from_beijing(datetime(2022, 6, 15, 9, 12))
SECRET = "不可外传的题目【演示】"


@pytest.fixture
def call(app: Flask, cast: Cast) -> str:
    """The key of an open call with a draft that lacks one thing and a submitted proposal."""
    with app.app_context(), clock.freeze(MORNING):
        closes = clock.from_beijing(datetime(2022, 6, 18, 17))
        call = open_call(cast, closes_at=closes)
        filled_draft(cast, call, title=SECRET, plan="", joint_unit_id=None)
        empty_draft(cast, call)
        submitted_proposal(cast, call, joint_unit_id=None)
        return call.key


def said(page: TestResponse) -> str:
    """What a person reads, without the blanks between the parts of a page."""
    return text_of(page).replace(" ", "")


def test_the_overview_shows_progress_and_time_left(
    client: PageClient, call: str, cast: Cast
) -> None:
    with clock.freeze(MORNING):
        office = client.as_(cast.office)
        assert f"/calls/{call}/overview" in office.get(f"/calls/{call}").text
        text = said(office.get(f"/calls/{call}/overview"))
    assert "2022年6月18日17:00截止，还有3天7小时。" in text
    assert "填写中2份其中接近完成1份（缺2处以内）" in text and "累计提交1份" in text
    assert "还没有申报的单位2个" in text and "邮储丰台支行银行1人" in text
    assert "邮政东城分公司邮政2份1份1份0份0份" in text
    assert "2022年6月15日1份1份" in text
    assert "另有3个单位没有申报人账号" in text and "还没有催办过" in text


def test_of_drafts_the_office_sees_neither_title_nor_text(
    client: PageClient, call: str, cast: Cast
) -> None:
    office = client.as_(cast.office)
    with clock.freeze(MORNING):
        pages = [office.get(f"/calls/{call}/overview{rest}") for rest in ("", "/drafts", "/remind")]
    assert "邮政东城分公司邮政申报甲组长甲接近完成1处" in said(pages[1])
    assert not any(SECRET in page.text or "园区缴费" in page.text for page in pages)


def test_one_click_reminds_a_unit_and_is_recorded(
    client: PageClient, app: Flask, call: str, cast: Cast
) -> None:
    with app.app_context():
        chosen = unit(cast.bank_other).key
    address = f"/calls/{call}/overview"
    with clock.freeze(MORNING):
        office, other = client.as_(cast.office), client.as_(cast.office2)
        assert office.get(address).text.count(f'value="{chosen}"') == 1
        office.post(f"{address}/remind", {"units": chosen})
        text = said(other.get(address))
        assert "今日已催办09:12经办甲" in text
        assert "2022年6月15日09:12邮储丰台支行还没有申报1人经办甲" in text
        again = text_of(other.post(f"{address}/remind", {"units": chosen}, status=422))
        assert "邮储丰台支行今日09:12已由经办甲催办，每个单位每天最多催办一次。" in again
        text = text_of(client.as_(cast.stranger).get("/inbox"))
    assert "催办" in text and "实施办公室经办甲" in text and "2022年6月18日 17:00截止" in text


def test_all_units_are_listed_before_reminding(
    client: PageClient, app: Flask, call: str, cast: Cast
) -> None:
    address = f"/calls/{call}/overview"
    with clock.freeze(MORNING):
        office = client.as_(cast.office)
        text = text_of(office.get(f"{address}/remind"))
        assert "共3个单位还没有申报或有草稿未提交，其中3个今日还没有催办" in text
        assert "邮政东城分公司：草稿2份未提交" in text and "邮储丰台支行：还没有申报" in text
        assert "请选择催办单位" in text_of(office.post(f"{address}/remind", status=422))
        office.submit(f"{address}/remind")
        assert "已催办3个单位" in text_of(office.get(address))
        assert "经办甲已催办" in text_of(office.get(f"{address}/remind"))
        assert "全部催办记录" in text_of(office.get(address))
        assert "邮储东城支行" in text_of(office.get(f"{address}/reminders"))
    with app.app_context():
        told = select(Notice.person_id).where(Notice.text.startswith("催办"))
        people = {cast.applicant, cast.leader, cast.member, cast.partner, cast.stranger}
        assert set(db.session.scalars(told)) == people


def test_nobody_but_the_office_and_nothing_before_publication(
    client: PageClient, app: Flask, call: str, cast: Cast
) -> None:
    for who in (cast.applicant, cast.reviewer, cast.leading):
        client.as_(who).get(f"/calls/{call}/overview", status=403)
    with app.app_context():
        key = draft_call(cast, batch=2).key
    client.as_(cast.office).get(f"/calls/{key}/overview", status=409)


def test_after_the_deadline_the_figures_stay_and_the_buttons_go(
    client: PageClient, call: str, cast: Cast
) -> None:
    address = f"/calls/{call}/overview"
    with clock.freeze(clock.from_beijing(datetime(2022, 6, 18, 17))):
        office = client.as_(cast.office)
        page = office.get(address)
        assert "已于2022年6月18日 17:00截止" in text_of(page) and "/remind" not in page.text
        answer = office.post(f"{address}/remind", {"units": "x"}, status=422)
        assert "没有需要催办的单位" in text_of(answer)


def test_the_pages_ask_the_database_as_often_for_many_as_for_one(
    client: PageClient, app: Flask, cast: Cast
) -> None:
    seen: list[str] = []
    with app.app_context():
        call = open_call(cast)
        filled_draft(cast, call)
        submitted_proposal(cast, call)
        key, engine = call.key, db.engine
    office, applicant = client.as_(cast.office), client.as_(cast.applicant)
    event.listen(engine, "before_cursor_execute", lambda *args: seen.append(args[2]))

    def counts() -> dict[str, int]:
        found = {}
        paths = [f"/calls/{key}/overview{rest}" for rest in ("", "/drafts", "/remind")]
        for who, path in [*((office, path) for path in paths), (applicant, "/proposals")]:
            seen.clear()
            who.get(path)
            found[path] = sum(statement.startswith("SELECT") for statement in seen)
        return found

    one = counts()
    with app.app_context():
        for number in range(3):
            filled_draft(cast, call, unit_id=(cast.bank_other, cast.post_root)[number % 2])
            submitted_proposal(cast, call)
    assert counts() == one
    assert max(one.values()) <= 12, one
