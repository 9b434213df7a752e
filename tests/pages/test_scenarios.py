"""Scenarios and merchants as a team meets them."""

from __future__ import annotations

import re

from flask import Flask

from tests.build.projects import at, running_project
from tests.cast import Cast
from tests.client import PageClient, text_of


def test_a_team_adds_a_scenario_and_a_merchant_and_brings_it_on_line_step_by_step(
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
    assert "开立对公账户和钱包" in page and "12个门店" in page and "标杆" in page
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
