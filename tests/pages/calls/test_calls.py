"""Calls as the office and the staff meet them."""

from __future__ import annotations

import io
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from lxml import html as lxml_html
from sqlalchemy import select

from lab import audit, clock
from lab.calls.access import call_resource
from lab.calls.models.call import Call, Criterion
from lab.calls.pages import service as calls_service
from lab.extensions import db
from tests.support.builders import files as builders_files
from tests.support.builders.calls import closed_call, draft_call, open_call, published_call
from tests.support.cast import Cast
from tests.support.client import PageClient, entered, text_of

PDF = builders_files.pdf()


def values_of(page: str, form: int) -> dict[str, Any]:
    """What a browser would send of a form, without its buttons."""
    root = lxml_html.fromstring(page)
    chosen = [f for f in root.xpath("//main//form") if f.method.upper() == "POST"][form]
    values = {name: value.strip() for name, value in chosen.form_values()}
    del values["csrf_token"]
    return values


@pytest.fixture
def office(client: PageClient, cast: Cast) -> PageClient:
    return client.as_(cast.office)


def download(client: PageClient, path: str) -> tuple[bytes, str]:
    """The bytes of a file and its Content-Disposition."""
    with client.get(path) as answer:
        return answer.data, answer.headers["Content-Disposition"]


def stored(app: Flask) -> Call:
    with app.app_context():
        call = db.session.scalars(select(Call)).one()
        assert call.criteria is not None
        return call


def test_the_office_makes_a_call_from_nothing_to_published(
    app: Flask, client: PageClient, cast: Cast, office: PageClient
) -> None:
    assert "还没有征集批次" in text_of(office.get("/calls"))
    made = office.submit(
        "/calls/new",
        {
            "title": "2026年第一批",
            "notice_text": "请申报。",
            "opens_at": "2099-07-01T09:00",
            "closes_at": "2099年8月1日 17:00",
        },
    )
    office.submit(made.headers["Location"], {"weights": "default"}, form=0)
    key = stored(app).key
    page = text_of(office.get(f"/calls/{key}"))
    assert "2099年7月1日 09:00" in page and "计分权重合计100" in page
    client.as_(cast.applicant).get(f"/calls/{key}", status=404)
    office.post(f"/calls/{key}/publish")
    seen = client.as_(cast.applicant)
    assert "2026年第一批" in text_of(seen.get("/calls"))
    assert "直接承担国家或本市试点任务" in text_of(seen.get(f"/calls/{key}"))


def test_what_is_missing_for_publication_is_listed(
    app: Flask, cast: Cast, office: PageClient
) -> None:
    office.submit("/calls/new", {"title": "2026年第一批"})
    page = text_of(office.get(f"/calls/{stored(app).key}"))
    for missing in ("征集通知正文", "开始时间", "截止时间", "评审指标"):
        assert f"请填写{missing}" in page or f"请设置{missing}" in page


def test_closing_before_opening_is_refused_at_the_field(
    office: PageClient,
) -> None:
    times = {"opens_at": "2099-08-01T09:00", "closes_at": "2099-07-01T09:00"}
    page = office.submit("/calls/new", {"title": "批次", **times}, status=422)
    assert "截止时间应晚于开始时间" in text_of(page)
    assert 'value="2099-08-01 09:00"' in page.text


def test_one_row_more_keeps_everything_that_was_typed(
    app: Flask, cast: Cast, office: PageClient
) -> None:
    with app.app_context():
        key = draft_call(cast).key
    path = f"/calls/{key}/criteria"
    typed = values_of(office.get(path).text, form=1)
    typed |= {"name_4": "创新性", "weight_4": "十", "level0_4": "写了很久的标准"}
    page = office.post(path, {**typed, "add": "1"}, status=200)
    again = values_of(page.text, form=1)
    assert again == {
        **typed,
        **{k: v for k, v in again.items() if k.endswith("_5")},
        "criteria-rows": "6",
    }
    assert again["name_5"] == "" and again["hi_5"] == "100"
    assert entered(page.text) == ["name_5"]
    assert len(stored(app).criteria) == 4


def test_criteria_are_changed_removed_and_added_in_one_save(
    app: Flask, cast: Cast, office: PageClient
) -> None:
    with app.app_context():
        key = draft_call(cast).key
    changes = {"remove_0": "1", "weight_1": "50", "name_4": "创新性", "weight_4": "25"}
    path = f"/calls/{key}/criteria"
    office.submit(path, changes, form=1)
    assert "评审指标已保存。权重现合计125，发布前须调整为100。" in text_of(office.get(path))
    with app.app_context():
        rows = db.session.scalars(select(Criterion).order_by(Criterion.position)).all()
        assert [(c.key, c.weight) for c in rows] == [
            ("complexity", 50),
            ("demonstration", 25),
            ("replicability", 25),
            ("c1", 25),
        ]
    assert "现合计125" in text_of(office.get(f"/calls/{key}"))


def test_the_chosen_preset_replaces_the_criteria(
    app: Flask, cast: Cast, office: PageClient
) -> None:
    with app.app_context():
        key = draft_call(cast).key
    path, chosen = f"/calls/{key}/criteria", {"weights": "equal", "scale": "ten"}
    before = values_of(office.get(path).text, form=0)
    office.submit(path, chosen)
    with app.app_context():
        rows = db.session.scalars(select(Criterion)).all()
        assert [(c.weight, c.hi, c.step) for c in rows] == [(25, Decimal(10), Decimal("0.5"))] * 4
    office.post(f"/calls/{key}/preset", {**before, "weights": "default"}, status=409)


def test_a_row_that_was_begun_says_what_it_lacks(
    app: Flask, cast: Cast, office: PageClient
) -> None:
    with app.app_context():
        key = draft_call(cast).key
    path = f"/calls/{key}/criteria"
    page = office.submit(path, {"name_4": "创新性"}, status=422, form=1)
    assert "请填写权重" in text_of(page)
    page = office.submit(
        path, {"remove_0": "1", "name_4": "创新性", "weight_4": "5", "step_4": "7"}, 422, form=1
    )
    assert "第5项最小单位：最高分与最低分之差应是最小单位的整数倍" in text_of(page)


def test_two_editors_of_criteria_see_both_texts(
    app: Flask, client: PageClient, cast: Cast, office: PageClient
) -> None:
    with app.app_context():
        key = draft_call(cast).key
    path = f"/calls/{key}/criteria"
    mine = values_of(office.get(path).text, form=1)
    client.as_(cast.office2).submit(path, {"weight_0": "33"}, form=1)
    page = office.post(path, {**mine, "weight_0": "44"}, status=409)
    assert "33" in text_of(page) and 'value="44"' in page.text
    again = {**values_of(page.text, form=0)}
    office.post(path, again)
    assert stored(app).criteria[0].weight == 44


def test_after_publication_only_the_notice_changes_and_says_why(
    app: Flask, cast: Cast, office: PageClient
) -> None:
    with app.app_context():
        key = published_call(cast).key
    path = f"/calls/{key}/edit"
    page = office.get(path).text
    assert 'name="places"' not in page and 'name="closes_at"' not in page
    silent = {"notice_text": "补充说明。"}
    assert "请填写修改说明" in text_of(office.submit(path, silent, status=422))
    same = text_of(office.submit(path, {"summary": "没有改"}, status=422))
    assert "通知正文没有变化" in same
    office.submit(path, {**silent, "summary": "应多家单位咨询"})
    assert stored(app).notice_text == "补充说明。"
    office.post(f"/calls/{key}/criteria", {}, status=409)
    office.post(f"/calls/{key}/preset", {}, status=409)


def test_files_are_attached_read_by_staff_and_removed(
    app: Flask, client: PageClient, cast: Cast, office: PageClient
) -> None:
    with app.app_context():
        key = published_call(cast).key
    office.post(f"/calls/{key}/files", {"files": (io.BytesIO(PDF), "征集通知（盖章）.pdf")})
    link = office.get(f"/calls/{key}").text.split(f'href="/calls/{key}/files/')[1].split('"')[0]
    body, disposition = download(client.as_(cast.stranger), f"/calls/{key}/files/{link}")
    assert body == PDF and disposition.startswith("attachment")
    client.as_(cast.system).get(f"/calls/{key}/files/{link}", status=404)
    fake = {"files": (io.BytesIO(b"MZ not a pdf"), "说明.pdf")}
    page = office.post(f"/calls/{key}/files", fake, status=422)
    assert "说明.pdf" in text_of(page) and "不符" in text_of(page)
    office.post(f"/calls/{key}/files/{link}/remove")
    office.get(f"/calls/{key}/files/{link}", status=404)


def test_files_of_a_draft_do_not_exist_for_staff(
    app: Flask, client: PageClient, cast: Cast, office: PageClient
) -> None:
    with app.app_context():
        key = draft_call(cast).key
    office.post(f"/calls/{key}/files", {"files": (io.BytesIO(PDF), "通知.pdf")})
    link = office.get(f"/calls/{key}").text.split(f'href="/calls/{key}/files/')[1].split('"')[0]
    client.as_(cast.applicant).get(f"/calls/{key}/files/{link}", status=404)
    assert download(office, f"/calls/{key}/files/{link}")[0] == PDF


def test_acts_appear_and_work_in_their_states_only(
    app: Flask, client: PageClient, cast: Cast, office: PageClient
) -> None:
    with app.app_context():
        key = published_call(cast).key
    assert "提前开始" in office.get(f"/calls/{key}").text
    office.post(f"/calls/{key}/close", status=409)
    office.post(f"/calls/{key}/open")
    assert "提前截止" in office.get(f"/calls/{key}").text
    client.as_(cast.applicant).post(f"/calls/{key}/close", status=403)
    with clock.freeze(clock.now() + timedelta(minutes=1)):
        office.post(f"/calls/{key}/close")
    assert stored(app).status == "closed"
    office.post(f"/calls/{key}/archive", status=409)


def test_an_expired_call_counts_as_closed_at_once(app: Flask, cast: Cast) -> None:
    with app.app_context():
        call = open_call(cast)
        closes = call.closes_at
        assert closes is not None
        assert call_resource(call).state == "open"
        with clock.freeze(closes):
            assert (call.status, call_resource(call).state) == ("open", "closed")


def test_the_fingerprint_is_shown_once_the_rules_are_frozen(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    with app.app_context():
        call = closed_call(cast)
        digest, key = calls_service.freeze_rules_for_review(call), call.key
        audit.record("round.open", call)
        db.session.commit()
    assert digest in text_of(client.as_(cast.reviewer).get(f"/calls/{key}"))


def test_a_published_call_says_what_is_unknown(app: Flask, client: PageClient, cast: Cast) -> None:
    with app.app_context():
        call = Call(
            year=2022,
            batch=1,
            title="首批创新项目征集",
            places=12,
            approved_stated=12,
            received_text="近20个",
            month_text="2022年7月",
            source_label="来源：公开报道",
            criteria=[Criterion(key="importance", name="重要性", position=0, weight=0)],
        )
        call.restore("announced")
        db.session.add(call)
        audit.record("data.load_facts", call)
        db.session.commit()
        key = call.key
    page = client.as_(cast.applicant).get(f"/calls/{key}")
    text = text_of(page)
    assert "近20个" in text and "来源：公开报道" in text and "2022年7月" in text
    row = lxml_html.fromstring(page.text).xpath("//th[contains(., '重要性')]/following-sibling::td")
    assert {cell.text_content().strip() for cell in row} == {"未载明"}
    assert "未载明" in text_of(client.as_(cast.applicant).get("/calls"))


def test_criteria_stand_in_the_order_of_the_page(
    app: Flask, cast: Cast, office: PageClient
) -> None:
    with app.app_context():
        key = draft_call(cast).key
    path = f"/calls/{key}/criteria"
    typed = values_of(office.get(path).text, form=1)
    # As scripts send it: the first one taken out, a new one above the others.
    typed = {name: text for name, text in typed.items() if not name.endswith("_0")}
    new = {"name": "创新性", "weight": "25", "lo": "0", "hi": "100", "step": "1"}
    typed |= {f"{name}_9": text for name, text in {**new, "direction": "benefit"}.items()}
    office.post(path, {**typed, "criteria-order": "9,1,2,3"})
    with app.app_context():
        rows = db.session.scalars(select(Criterion).order_by(Criterion.position)).all()
        assert [c.name for c in rows][:2] == ["创新性", "涉及业务的复杂程度"] and len(rows) == 4
