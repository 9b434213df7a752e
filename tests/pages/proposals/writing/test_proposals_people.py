"""People of a proposal, as their names are typed without scripts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from lxml import html as lxml_html
from sqlalchemy import select

from lab import clock
from lab.extensions import db
from lab.identity.people import service as people_service
from lab.identity.rules.search_rate import MOST_A_MINUTE
from lab.proposals.core.content.content import reviewer_content
from lab.proposals.models.proposal import Proposal
from tests.support.builders.calls import open_call
from tests.support.builders.proposals import filled_draft
from tests.support.cast import Cast, person
from tests.support.client import PageClient, text_of

NOW = datetime(2022, 7, 20, 3, 17, tzinfo=UTC)  # a minute in which no other test searches


@pytest.fixture
def draft(app: Flask, cast: Cast) -> str:
    with app.app_context():
        twin = {"sign_in_name": "twin", "name": "外人甲", "unit_id": cast.post_other, "hashed": ""}
        people_service.create_person(**twin)
        db.session.commit()
        key = filled_draft(cast, open_call(cast)).key
        db.session.remove()
    return key


def stored(app: Flask, key: str) -> dict[str, Any]:
    with app.app_context():
        row = db.session.scalars(select(Proposal).where(Proposal.key == key)).one()
        members = [(each.person_id, each.shown_name, each.shown_unit) for each in row.people]
        values = {
            "leader": row.leader_id,
            "partner": row.partner_id,
            "members": members,
            "kept": row.invalid_input,
            "content": reviewer_content(row)["people"],
        }
        db.session.remove()
        return values


def path_of(key: str) -> str:
    return f"/proposals/{key}/edit/basics"


def value_of(page: str, name: str) -> str:
    return str(lxml_html.fromstring(page).xpath(f"//main//input[@name='{name}']")[0].value or "")


@pytest.mark.parametrize(
    ("typed", "who"),
    [
        ("组长甲", "leader"),
        (" 组长 甲 ", "leader"),
        ("组长甲（东城）", "leader"),
        ("组长甲(邮政东城分公司)", "leader"),
        ("外人甲（邮储丰台支行）", "stranger"),
    ],
)
def test_a_typed_name_is_understood(
    client: PageClient, app: Flask, cast: Cast, draft: str, typed: str, who: str
) -> None:
    client.as_(cast.applicant).submit(path_of(draft), {"leader_id": typed})
    assert stored(app, draft)["leader"] == getattr(cast, who)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        (
            "外人甲",
            "共有2位“外人甲”：外人甲（邮储丰台支行）、外人甲（邮政西城分公司）。请从列表中选择",
        ),
        ("赵六", "没有找到“赵六”。请输入姓名、拼音或单位，从列表中选择。"),
        ("组长甲（邮储丰台支行）", "没有找到“组长甲（邮储丰台支行）”。"),
        ("系统管理", "没有找到“系统管理”。"),
    ],
)
def test_an_unclear_name_stays_with_what_to_do(
    client: PageClient, app: Flask, cast: Cast, draft: str, typed: str, message: str
) -> None:
    applicant, path = client.as_(cast.applicant), path_of(draft)
    before = stored(app, draft)["leader"]
    assert message in text_of(applicant.submit(path, {"leader_id": typed}, status=422))
    again = applicant.get(path)
    assert value_of(again.text, "leader_id") == typed and message in text_of(again)
    kept = stored(app, draft)
    assert kept["kept"] == {"leader_id": typed} and kept["leader"] == before


def test_a_member_needs_no_account(client: PageClient, app: Flask, cast: Cast, draft: str) -> None:
    applicant, path = client.as_(cast.applicant), path_of(draft)
    named = {"people-1-person_id": "王五", "people-1-unit": "科技公司", "people-1-duty": "开发"}
    applicant.submit(path, named)
    values = stored(app, draft)
    assert values["members"][1] == (None, "王五", "科技公司")
    assert values["content"][1] == {"name": "王五", "unit": "科技公司", "duty": "开发"}
    again = applicant.get(path).text
    assert value_of(again, "people-1-person_id") == "王五"
    assert value_of(again, "people-0-unit") == "邮储东城支行"
    assert "王五" in text_of(applicant.get(f"/proposals/{draft}"))
    page = applicant.submit(path, {"people-1-unit": ""}, status=422)
    assert "没有账号的成员请同时填写单位" in text_of(page)


@pytest.mark.parametrize(
    ("typed", "unit", "stored_as"),
    [
        ("李明（大）", "邮储丰台支行", ("account", "李明(大)", "邮储丰台支行")),
        ("李明(大)", "", ("account", "李明(大)", "邮储丰台支行")),
        ("李明（大）（邮储丰台支行）", "", ("account", "李明(大)", "邮储丰台支行")),
        ("李明（小）", "科技公司", (None, "李明（小）", "科技公司")),
        ("王五（科技公司）", "", (None, "王五", "科技公司")),
        ("王五（科技公司）", "科技公司", (None, "王五", "科技公司")),
    ],
)
def test_brackets_of_a_name_are_kept(
    client: PageClient, app: Flask, cast: Cast, draft: str, typed: str, unit: str, stored_as: Any
) -> None:
    with app.app_context():
        named = {"sign_in_name": "elder", "name": "李明(大)", "hashed": ""}
        account = people_service.create_person(**named, unit_id=cast.bank_other).id
        db.session.commit()
    sent = {"leader_id": "李明（大）", "people-1-person_id": typed, "people-1-unit": unit}
    client.as_(cast.applicant).submit(path_of(draft), sent)
    values = stored(app, draft)
    kept, name, of = values["members"][1]
    assert ("account" if kept == account else kept, name, of) == stored_as
    assert values["leader"] == account


def test_a_unit_beside_the_name_tells_who_is_meant(
    client: PageClient, app: Flask, cast: Cast, draft: str
) -> None:
    applicant, path = client.as_(cast.applicant), path_of(draft)
    page = applicant.submit(path, {"people-1-person_id": "外人甲"}, status=422)
    assert "共有2位“外人甲”" in text_of(page)
    applicant.submit(path, {"people-1-unit": "邮储丰台支行"})
    assert stored(app, draft)["members"][1][0] == cast.stranger
    twice = {"people-2-person_id": "外人甲（邮储丰台支行）"}
    assert "与第2行相同" in text_of(applicant.submit(path, twice, status=422))


def test_a_unit_that_is_not_the_members_is_not_dropped(
    client: PageClient, app: Flask, cast: Cast, draft: str
) -> None:
    applicant, path = client.as_(cast.applicant), path_of(draft)
    sent = {"people-1-person_id": "外人甲（邮储丰台支行）", "people-1-unit": "科技公司"}
    page = applicant.submit(path, sent, status=422)
    assert "外人甲（邮储丰台支行）不在此单位" in text_of(page)
    assert value_of(page.text, "people-1-unit") == "科技公司"


def test_the_partner_is_one_of_the_partner_unit(
    client: PageClient, app: Flask, cast: Cast, draft: str
) -> None:
    applicant, path = client.as_(cast.applicant), path_of(draft)
    page = applicant.submit(path, {"partner_id": "外人甲（邮储丰台支行）"}, status=422)
    assert "确认人应是联合申报单位的人员" in text_of(page)
    same = {"sign_in_name": "same", "name": "联合甲", "unit_id": cast.post_other, "hashed": ""}
    with app.app_context():
        people_service.create_person(**same)
        db.session.commit()
        db.session.remove()
    applicant.submit(path, {"partner_id": "联合甲"})
    assert stored(app, draft)["partner"] == cast.partner


def test_a_form_of_the_release_before_is_understood(
    client: PageClient, app: Flask, cast: Cast, draft: str
) -> None:
    """What such a page, or a browser that kept its text, sends: ids, and no units."""
    ids = {"leader_id": str(cast.stranger), "people-0-person_id": str(cast.member)}
    client.as_(cast.applicant).submit(path_of(draft), {**ids, "people-0-unit": ""})
    values = stored(app, draft)
    assert (values["leader"], values["members"][0][0]) == (cast.stranger, cast.member)


def test_a_closed_account_stays_where_it_was_named(
    client: PageClient, app: Flask, cast: Cast, draft: str
) -> None:
    with app.app_context():
        people_service.disable(person(cast.member))
        db.session.commit()
        db.session.remove()
    applicant, path = client.as_(cast.applicant), path_of(draft)
    applicant.submit(path, {"place": "西城区"})
    assert stored(app, draft)["members"][0][0] == cast.member
    assert value_of(applicant.get(path).text, "people-0-person_id") == "组员甲"


def test_the_search_answers_names_and_units_alone(client: PageClient, cast: Cast) -> None:
    answer = client.as_(cast.applicant).http.get("/people/search?q=wrj")
    assert answer.json == {
        "people": [{"name": "外人甲", "unit": "邮储丰台支行", "label": "外人甲（邮储丰台支行）"}],
        "more": False,
    }
    assert client.as_(cast.system).http.get("/people/search?q=wrj").status_code == 403
    empty = {"people": [], "more": False}
    assert client.as_(cast.applicant).http.get("/people/search?unit=x&q=").json == empty


def test_a_program_that_collects_names_is_stopped(client: PageClient, cast: Cast) -> None:
    with clock.freeze(NOW):
        asking, other = client.as_(cast.applicant), client.as_(cast.office)
        for _ in range(MOST_A_MINUTE):
            assert asking.http.get("/people/search?q=wrj").status_code == 200
        answer = asking.http.get("/people/search?q=wrj")
        assert answer.status_code == 429 and answer.json["people"] == []
        assert answer.json["advice"].startswith("查找过于频繁")
        assert other.http.get("/people/search?q=wrj").status_code == 200
    with clock.freeze(NOW + timedelta(minutes=1)):
        assert asking.http.get("/people/search?q=wrj").status_code == 200


def test_a_number_finds_nobody_whom_no_name_would(
    client: PageClient, app: Flask, cast: Cast, draft: str
) -> None:
    with app.app_context():
        people_service.disable(person(cast.stranger))
        db.session.commit()
    applicant, path = client.as_(cast.applicant), path_of(draft)
    number = str(cast.stranger)
    for field in ("leader_id", "people-1-person_id"):
        page = applicant.submit(path, {field: number}, status=422)
        assert f"没有找到“{number}”" in text_of(page) and "邮储丰台支行）" not in page.text
    applicant.submit(path, {"leader_id": str(cast.applicant), "people-1-person_id": ""})
    assert stored(app, draft)["leader"] == cast.applicant
