"""Entering and approving figures as each person meets it."""

from __future__ import annotations

from typing import Any

from flask import Flask

from lab.extensions import db
from lab.indicators.core.entry_periods import version_of
from lab.indicators.models import Entry
from lab.portfolio.models.project import Project
from tests.support.builders.projects import (
    OCTOBER,
    SEPTEMBER,
    approved_figures,
    at,
    entries,
    hand_in,
    running_project,
)
from tests.support.cast import PASSWORD, Cast
from tests.support.client import PageClient, text_of


def running(app: Flask, cast: Cast) -> str:
    with app.app_context():
        return running_project(cast).key


def stored(app: Flask, key: str) -> dict[str, tuple[str, Any]]:
    with app.app_context():
        project = db.session.query(Project).filter_by(key=key).one()
        found = db.session.query(Entry).filter_by(project_id=project.id).order_by(Entry.revision)
        return {e.indicator: (e.status, e.value) for e in found}


def seed(app: Flask, cast: Cast, key: str, end: Any, values: dict[str, int]) -> None:
    with app.app_context():
        project = db.session.query(Project).filter_by(key=key).one()
        approved_figures(cast, project, end, values)


def test_a_month_passes_grid_leader_and_office(app: Flask, client: PageClient, cast: Cast) -> None:
    key = running(app, cast)
    member, leader, office = (client.as_(p) for p in (cast.member, cast.leader, cast.office))
    grid = f"/projects/{key}/indicators/entry/2022-09"
    check = f"/projects/{key}/indicators/check"
    with at(2022, 10, 10):
        first = member.get(f"/projects/{key}/indicators/entry", status=303)
        assert first.headers["Location"].endswith("/2022-09")
        member.submit(grid, {"value-K01": "700", "value-K06": "12"})
        assert stored(app, key)["K01"] == ("draft", 700)
        assert "700" in member.get(grid).text
        typed = {"value-K01": "710", "value-K06": "12", "version": version(app, key)}
        member.post(f"{grid}/submit", typed)
        assert stored(app, key)["K01"] == ("submitted", 710)
        member.post(f"{check}/confirm", {"entry": ticks(app, key)}, status=403)
        office.post(f"{check}/approve", {"entry": ticks(app, key)}, status=409)
        page = text_of(leader.get(check))
        assert "开立个人钱包数" in page and "710个" in page
        leader.post(f"{check}/confirm", {"entry": ticks(app, key)})
        assert "待核定" in text_of(office.get("/indicators"))
        leader.post(f"{check}/approve", {"entry": ticks(app, key)}, status=403)
        office.submit(check, {})
        assert stored(app, key)["K01"] == ("approved", 710)
        assert "710个" in text_of(office.get(f"/projects/{key}"))
        assert "710个" in text_of(client.as_(cast.leading).get("/indicators"))


def test_notices_lead_to_where_the_figures_wait(app: Flask, client: PageClient, cast: Cast) -> None:
    key = running(app, cast)
    member, leader, office = (client.as_(p) for p in (cast.member, cast.leader, cast.office))
    check = f"/projects/{key}/indicators/check"
    with at(2022, 10, 10):
        typed = {"value-K01": "710", "value-K06": "12", "version": "0"}
        member.post(f"/projects/{key}/indicators/entry/2022-09/submit", typed)
        assert f'<a href="{check}"' in leader.get("/inbox").text
        leader.post(f"{check}/confirm", {"entry": ticks(app, key)})
        assert f'<a href="{check}"' in office.get("/inbox").text


def test_a_refused_return_keeps_what_was_ticked(app: Flask, client: PageClient, cast: Cast) -> None:
    key = running(app, cast)
    typed = {"value-K01": "710", "value-K06": "12", "version": "0"}
    with at(2022, 10, 10):
        grid = f"/projects/{key}/indicators/entry/2022-09"
        client.as_(cast.member).post(f"{grid}/submit", typed)
        (first, second) = ticks(app, key)
        back, sent = f"/projects/{key}/indicators/check/return", {"entry": second, "reason": ""}
        page = client.as_(cast.leader).post(back, sent, status=422)
    assert "请填写退回理由" in text_of(page)
    assert f'value="{second}" checked' in page.text and f'value="{first}" checked' not in page.text


def version(app: Flask, key: str) -> str:
    with app.app_context():
        project = db.session.query(Project).filter_by(key=key).one()
        return str(version_of(project.id, SEPTEMBER))


def ticks(app: Flask, key: str) -> list[str]:
    with app.app_context():
        project = db.session.query(Project).filter_by(key=key).one()
        return [f"{e.key}.{e.version}" for e in entries(project, SEPTEMBER)]


def test_readable_cells_are_saved_beside_a_wrong_one(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    key = running(app, cast)
    with at(2022, 10, 10):
        member = client.as_(cast.member)
        grid = f"/projects/{key}/indicators/entry/2022-09"
        page = member.submit(grid, {"value-K01": "七百", "value-K06": "12"}, status=422)
        assert 'value="七百"' in page.text
        assert stored(app, key) == {"K06": ("draft", 12)}
        member.resubmit(page, grid, {"value-K01": "700"})
        assert stored(app, key) == {"K01": ("draft", 700), "K06": ("draft", 12)}
        both = member.submit(
            grid, {"value-K01": "5", "reason-K01": "系统升级", "value-K06": "12"}, status=422
        )
        assert "只填一项" in text_of(both)


def test_an_impossible_figure_is_explained_and_kept(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    key = running(app, cast)
    with at(2022, 11, 7):
        seed(app, cast, key, SEPTEMBER, {"K01": 100, "K06": 6})
        member = client.as_(cast.member)
        path = f"/projects/{key}/indicators/entry/2022-10"
        typed = {"value-K01": "90", "value-K06": "6", "version": "0"}
        page = member.post(f"{path}/submit", typed, status=422)
        assert "本期90个小于上期100个" in text_of(page)
        assert stored(app, key)["K01"] == ("draft", 90)


def test_an_odd_figure_passes_with_a_tick_and_a_note(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    key = running(app, cast)
    with at(2022, 11, 7):
        seed(app, cast, key, SEPTEMBER, {"K01": 100, "K06": 6})
        member = client.as_(cast.member)
        path = f"/projects/{key}/indicators/entry/2022-10"
        typed = {"value-K01": "900", "value-K06": "6", "version": "0"}
        page = member.post(f"{path}/submit", typed, status=422)
        assert "超过上期100个的3倍" in text_of(page)
        assert 'name="ok-K01"' in page.text
        with app.app_context():
            project = db.session.query(Project).filter_by(key=key).one()
            now = version_of(project.id, OCTOBER)
        typed |= {"ok-K01": "1", "note-K01": "新园区开业", "version": str(now)}
        member.post(f"{path}/submit", typed)
        assert stored(app, key)["K01"] == ("submitted", 900)


def test_returned_figures_come_back_with_the_reason(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    key = running(app, cast)
    with at(2022, 10, 10):
        with app.app_context():
            project = db.session.query(Project).filter_by(key=key).one()
            hand_in(cast, project, SEPTEMBER, {"K01": 100, "K06": 6})
        leader, member = client.as_(cast.leader), client.as_(cast.member)
        check = f"/projects/{key}/indicators/check"
        blank = leader.post(f"{check}/return", {"entry": ticks(app, key), "reason": ""}, status=422)
        assert "请填写退回理由" in text_of(blank)
        leader.post(f"{check}/return", {"entry": ticks(app, key), "reason": "口径不对"})
        assert "口径不对" in text_of(member.get(f"/projects/{key}/indicators/entry/2022-09"))
        assert "有2项数据被退回" in text_of(member.get(f"/projects/{key}"))
        assert "口径不对" in text_of(member.get(f"/projects/{key}/indicators"))


def test_a_correction_is_asked_for_and_marked_once_approved(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    key = running(app, cast)
    with at(2022, 10, 10):
        seed(app, cast, key, SEPTEMBER, {"K01": 100, "K06": 6})
        with app.app_context():
            project = db.session.query(Project).filter_by(key=key).one()
            old = entries(project, SEPTEMBER)[0].key
        member, leader, office = (client.as_(p) for p in (cast.member, cast.leader, cast.office))
        path = f"/projects/{key}/indicators/correct/{old}"
        member.submit(path, {"value": "80"}, status=422)
        member.submit(path, {"value": "80", "reason": "重复计入"})
        assert "100个" in text_of(office.get(f"/projects/{key}"))
        check = f"/projects/{key}/indicators/check"
        assert "更正原因：重复计入" in text_of(leader.get(check))
        leader.submit(check, {})
        office.submit(check, {})
        page = text_of(office.get(f"/projects/{key}"))
        assert "80个" in page and "2022年9月数据经更正" in page
        office.get(path, status=403)
        assert "只有已核定的数据可以更正" in text_of(member.get(path, status=409))


def test_a_narrative_is_written_and_shown(app: Flask, client: PageClient, cast: Cast) -> None:
    key = running(app, cast)
    with at(2022, 10, 10):
        member = client.as_(cast.member)
        path = f"/projects/{key}/indicators/text/2022-09"
        member.submit(path, {"done": "完成三个商户上线。"})
        assert "完成三个商户上线。" in member.get(path).text
        member.post(path, {"done": "完成三个商户上线。", "version": "1", "hand_in": "1"})
        assert "月报已于2022年10月10日" in text_of(member.get(path))
        assert "最近月报：2022年9月" in text_of(client.as_(cast.office).get(f"/projects/{key}"))
        for month, why in (("2022-06", "早于项目开始日"), ("2022-10", "尚未到")):
            page = member.get(f"/projects/{key}/indicators/text/{month}")
            assert why in text_of(page) and "本期完成情况" not in text_of(page)


def test_strangers_see_no_figures(app: Flask, client: PageClient, cast: Cast) -> None:
    key = running(app, cast)
    for path in ("indicators", "indicators/check", "indicators/entry/2022-09", "scenarios"):
        client.as_(cast.stranger).get(f"/projects/{key}/{path}", status=404)
    for period in ("2022-13", "2022-9", "abc", "0000-01", "0001-01", "9999-12", "%00"):
        client.as_(cast.member).get(f"/projects/{key}/indicators/entry/{period}", status=404)
    client.as_(cast.stranger).get("/indicators", status=403)
    client.as_(cast.leading).get(f"/projects/{key}/indicators/entry/2022-09", status=403)


def test_empty_totals_say_what_comes_next(client: PageClient, cast: Cast) -> None:
    page = text_of(client.as_(cast.office).get("/indicators"))
    assert "还没有核定的数据" in page and "没有待核定的数据" in page


def test_added_rows_and_unreadable_input_stay_in_view(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    key = running(app, cast)
    grid = f"/projects/{key}/indicators/entry/2022-09"
    with at(2022, 10, 10):
        member = client.as_(cast.member)
        twice = member.get(f"{grid}?add=K02&add=K10").text
        assert 'name="value-K02"' in twice and 'name="value-K10"' in twice
        kept = member.submit(f"{grid}?add=K10", {"value-K10": "三万"}, status=422)
        assert 'value="三万"' in kept.text
        assert 'value="三万"' in member.get(grid).text
        assert 'value="三万"' in member.get(f"{grid}?add=K02").text


def test_a_problem_is_shown_beside_both_figures(app: Flask, client: PageClient, cast: Cast) -> None:
    key = running(app, cast)
    grid = f"/projects/{key}/indicators/entry/2022-09"
    with at(2022, 10, 10):
        member = client.as_(cast.member)
        page = member.get(f"{grid}?add=K02")
        typed = {"value-K01": "5", "value-K02": "6", "value-K06": "1", "version": version(app, key)}
        page = member.post(f"{grid}/submit", typed, status=422)
        wrong = "其中硬钱包数6个不能大于开立个人钱包数5个。"
        assert page.text.count(f'<div class="field-error">{wrong}') == 2


def test_a_locked_month_is_opened_with_reason_and_password(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    key = running(app, cast)
    seed(app, cast, key, SEPTEMBER, {"K01": 700, "K06": 12})
    grid = f"/projects/{key}/indicators/entry/2022-09"
    with at(2022, 10, 10):
        office, member = client.as_(cast.office), client.as_(cast.member)
        office.post(f"{grid}/lock")
        assert "本期已锁定" in text_of(member.get(grid))
        words = f"/projects/{key}/indicators/text/2022-09"
        refused = member.submit(words, {"done": "补写的内容。"}, status=422)
        assert "本期已锁定" in text_of(refused) and "补写的内容。" in refused.text
        page = office.submit(f"{grid}/reopen", {"reason": "", "password": PASSWORD}, status=422)
        assert "请填写" in text_of(page)
        page = office.submit(f"{grid}/reopen", {"reason": "补报", "password": "错的"}, status=422)
        assert "补报" in page.text
        office.submit(f"{grid}/reopen", {"reason": "补报", "password": PASSWORD})
        assert "本期已锁定" not in text_of(member.get(grid))


def test_leaders_read_narratives_once_confirmed(app: Flask, client: PageClient, cast: Cast) -> None:
    key = running(app, cast)
    words = f"/projects/{key}/indicators/text/2022-09"
    with at(2022, 10, 10):
        member, leader = client.as_(cast.member), client.as_(cast.leader)
        member.post(words, {"done": "完成接口联调。", "version": "0", "hand_in": "1"})
        leading = client.as_(cast.leading)
        assert "组长确认后可查看" in text_of(leading.get(words))
        returned = leader.post(f"{words}/return", {"reason": "", "version": "1"}, status=422)
        assert "请填写退回理由" in text_of(returned)
        leader.post(f"{words}/confirm", {"version": "1"})
        assert "完成接口联调。" in text_of(leading.get(words))
