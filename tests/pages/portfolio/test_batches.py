"""Counts on the start page, in the list of projects and of scenarios: of one batch, one provenance,
one day."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from lxml import html as lxml_html

from lab.demo import data as demo_data
from lab.demo import facts
from lab.extensions import db
from lab.scenarios import service as scenarios
from lab.scenarios.models import Scenario
from tests.integration.portfolio.test_batches import second_batch
from tests.support.builders.projects import approved_projects, at, running_project
from tests.support.cast import Cast
from tests.support.client import PageClient, text_of

COLUMNS = (
    "收到",
    "立项",
    "已落地",
    "正在推进",
    "其他状态",
    "名称未载明",
    "红灯",
    "黄灯",
    "绿灯",
    "未评灯",
)


def batch_rows(client: PageClient, path: str) -> dict[str, dict[str, str]]:
    """The cells of each line of the table of batches, by the line's heading."""
    root = lxml_html.fromstring(client.get(path).text)
    table = root.xpath("//table[caption='各批次情况' or caption='本人参与的项目']")[0]
    found = {}
    for line in table.xpath(".//tbody/tr"):
        head = " ".join(line.xpath("./th")[0].text_content().split())
        cells = {c.get("data-label"): "".join(c.text_content().split()) for c in line.xpath("./td")}
        found[head] = cells
    return found


def number(cells: dict[str, str], *labels: str) -> int:
    return sum(int(cells[label].removesuffix("个")) for label in labels)


def test_every_line_adds_up_and_both_pages_agree(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    with app.app_context():
        facts.load()
        db.session.commit()
        demo_data.load()
        db.session.commit()
    leading = client.as_(cast.leading)
    start, listed = batch_rows(leading, "/"), batch_rows(leading, "/projects/")
    assert start == listed and len(start) == 4  # two of them are still being collected or reviewed
    for cells in start.values():
        assert tuple(cells) == COLUMNS
        parts = number(cells, "已落地", "正在推进", "其他状态", "名称未载明")
        assert parts == number(cells, "立项")
        lit = number(cells, "红灯", "黄灯", "绿灯", "未评灯")
        assert lit + number(cells, "名称未载明") == number(cells, "立项")
    (published,) = [cells for head, cells in start.items() if "公开报道" in head]
    assert (published["收到"], published["立项"], published["已落地"]) == ("近20个", "12个", "4个")


def test_a_second_batch_has_a_line_of_its_own(app: Flask, client: PageClient, cast: Cast) -> None:
    with app.app_context():
        approved_projects(cast, 3)
        second_batch(cast)
    rows = batch_rows(client.as_(cast.office), "/projects/")
    told = [(head, cells["收到"], cells["立项"]) for head, cells in rows.items()]
    assert told == [
        ("2022年第一批创新项目征集 业务数据", "3个", "3个"),
        ("第二批 业务数据", "3个", "2个"),
    ]
    past = batch_rows(client.as_(cast.office), "/projects/?on=2022-07-31")
    assert list(past) == ["2022年第一批创新项目征集 业务数据"]


def test_a_team_reads_of_its_own_projects_only(app: Flask, client: PageClient, cast: Cast) -> None:
    with app.app_context():
        running_project(cast)
    (cells,) = batch_rows(client.as_(cast.member), "/projects/").values()
    assert cells["立项"] == "1个" and "收到" not in cells and "名称未载明" not in cells


@pytest.mark.parametrize("path", ["/projects/", "/scenarios"])
def test_a_day_before_all_records_is_refused(
    app: Flask, client: PageClient, cast: Cast, path: str
) -> None:
    with app.app_context():
        running_project(cast)
    page = text_of(client.as_(cast.leading).get(f"{path}?on=2022-06-30"))
    assert "最早的记录是2022年7月1日，请选择这一天或以后的日期。" in page
    assert "这一天还没有记录。" in page and "试点项目" not in page
    assert "最早的记录" not in text_of(client.as_(cast.leading).get(f"{path}?on=2022-07-01"))


@pytest.mark.parametrize("path", ["/projects/", "/scenarios", "/indicators"])
def test_a_page_of_a_day_prints_the_moment_up_to_which_it_knows(
    app: Flask, client: PageClient, cast: Cast, path: str
) -> None:
    with app.app_context():
        running_project(cast)
    with at(2022, 12, 20):
        page = text_of(client.as_(cast.leading).get(f"{path}?on=2022-09-30"))
    assert "截至2022年9月30日，按2022年12月20日10时00分前已登记的记录。" in page


def test_an_empty_start_page_says_what_comes_next(client: PageClient, cast: Cast) -> None:
    page = text_of(client.as_(cast.leading).get("/"))
    assert "还没有立项项目" in page and "立项结果审定后" in page


def test_scenarios_are_counted_by_provenance(app: Flask, client: PageClient, cast: Cast) -> None:
    with app.app_context():
        facts.load()
        db.session.commit()
        published = db.session.query(Scenario).filter(Scenario.source_label != "").first()
        own = second_batch(cast)[0]
        with at(2023, 3, 1):
            scenarios.add_merchant(published, name="【演示】咖啡店", outlets=1200)
            scenarios.add_merchant(scenarios.add_scenario(own, name="食堂"), name="【演示】餐饮店")
            db.session.commit()
    page = text_of(client.as_(cast.leading).get("/scenarios"))
    page = page.replace(" ", "")
    assert re.search(r"公开报道4个场景(?!，)", page)
    assert "业务数据1个场景，另有1个公开报道的场景登记了商户；2户商户、1,201个门店" in page
    early = text_of(client.as_(cast.leading).get("/scenarios?on=2022-12-31"))
    assert "4个场景" in early and "商户、" not in early
