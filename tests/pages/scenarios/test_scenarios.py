"""Scenarios and merchants as a team meets them."""

from __future__ import annotations

import re

from flask import Flask

from lab.extensions import db
from lab.scenarios import service as scenarios
from tests.support.builders.projects import approved_projects, at, running_project
from tests.support.cast import Cast
from tests.support.client import PageClient, text_of


def test_a_team_brings_a_merchant_online_step_by_step(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    with app.app_context():
        key = running_project(cast).key
    member = client.as_(cast.member)
    home = f"/projects/{key}/scenarios"
    with at(2022, 9, 20):
        assert "还没有场景" in text_of(member.get(home))
        member.submit(f"{home}/new", {"name": ""}, status=422)
        member.submit(f"{home}/new", {"name": "【演示】园区食堂", "is_benchmark": "1"})
        member.submit(f"{home}/new", {"name": "【演示】园区食堂"}, status=422)
        merchant_form = found(member, home, r'href="([^"]+/merchants/new)"')
        member.submit(merchant_form, {"name": "【演示】连锁咖啡", "outlets": "0"}, status=422)
        member.submit(merchant_form, {"name": "【演示】连锁咖啡", "outlets": "12"})
        steps = found(member, home, r'href="([^"]+/steps)"')
        wrong = {"step": "contact", "on": "2022-09-21"}
        assert "晚于今天" in text_of(member.submit(steps, wrong, status=422))
        member.submit(steps, {"step": "contact", "on": "2022-09-01", "evidence": "走访记录"})
        member.submit(steps, {"step": "paused", "on": "2022-09-02"})
        member.post(steps.replace("/steps", "/resume"))
        member.submit(steps, {"step": "account", "on": "2022-09-05"})
        page = text_of(member.get(home))
    assert "触达意向 1户 12个 0户 0个 开立对公账户和钱包 1户 12个 1户 12个" in page
    assert "12个门店" in page and "标杆" in page
    member = client.as_(cast.member)  # years later: signed in anew
    assert "走访记录" in text_of(member.get(steps))
    lab = text_of(client.as_(cast.leading).get("/scenarios"))
    assert "【演示】园区食堂" in lab
    client.as_(cast.office).get(f"{home}/new", status=403)
    client.as_(cast.stranger).get("/scenarios", status=403)
    edit = found(member, home, r'href="([^"]+/edit)"')
    member.submit(edit, {"place": "东城区"})
    assert "东城区" in text_of(member.get(home))


def found(client: PageClient, path: str, pattern: str) -> str:
    match = re.search(pattern, client.get(path).text)
    assert match, path
    return match.group(1)


def test_the_office_says_which_project_counts_a_merchant(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    with app.app_context(), at(2022, 10, 10):
        projects = approved_projects(cast, 2)
        merchants = [
            scenarios.add_merchant(
                scenarios.add_scenario(project, name="【演示】商场"), name="【演示】连锁超市"
            )
            for project in projects
        ]
        db.session.commit()
        main, again = (merchant.key for merchant in merchants)
        name, addresses = projects[0].name, [f"/projects/{p.key}/merchants" for p in projects]
    office = client.as_(cast.office)
    assert "没有同名商户" not in text_of(office.get("/scenarios/shared"))
    asked = office.get(f"{addresses[1]}/{again}/main").text
    assert "下列为其他项目登记的同名商户" in asked
    office.submit(f"{addresses[1]}/{again}/main", {"same_as": main})
    assert f"主责项目：{name}" in text_of(office.get("/scenarios/shared"))
    page = office.submit(f"{addresses[0]}/{main}/main?q=超市", {"same_as": again}, status=422)
    assert "有效" in text_of(page) or "选项" in text_of(page)  # a linked one is not offered
    office.submit(f"{addresses[1]}/{again}/main", {"same_as": ""})
    assert "主责项目：" not in text_of(office.get("/scenarios/shared"))
    client.as_(cast.member).get("/scenarios/shared", status=403)
