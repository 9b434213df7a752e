"""The start page, the lists, the totals, the scenarios and the report of one minute agree."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest
from flask import Flask
from lxml import html

from lab import clock
from lab.catalogue.indicators import INDICATORS
from lab.extensions import db
from lab.reports.content import wording
from lab.reports.content.leading import LeadingReport
from lab.reports.leading import builder as leading
from tests.recomputation import raw
from tests.recomputation.histories import History
from tests.recomputation.rules.merchants import Merchants
from tests.support.cast import Cast
from tests.support.client import PageClient

WORDS = {"fact": "公开报道", "real": "业务数据", "demo": "演示数据"}
LIGHTS = {"red": "红灯", "yellow": "黄灯", "green": "绿灯"}
Row = dict[str, str]


@pytest.mark.parametrize("seed", [3, 11])
def test_pages_and_report_of_a_minute_agree(
    app: Flask, client: PageClient, cast: Cast, seed: int
) -> None:
    with app.app_context():
        ended = History(cast, seed).run()
        with clock.freeze(ended):
            report = leading.build_report(
                title="简报",
                number="BG-1",
                version=1,
                cutoff=clock.today(),
                generated_by="经办",
                decisions=(),
            )
        rows = raw.read(db.session)
    with clock.freeze(ended):
        leader = client.as_(cast.leading)
        pages = {path: html.fromstring(leader.get(path).text) for path in PATHS}
    assert_batches(pages, report)
    assert_projects(pages["/projects/"], report)
    assert_totals(pages["/indicators"], report)
    assert_scenarios(pages["/scenarios"], report, Merchants(rows, clock.beijing(ended).date()))


MERCHANTS = r"([\d,]+)户商户、([\d,]+)个门店，其中已上线([\d,]+)户、([\d,]+)个"
PATHS = ("/", "/projects/", "/indicators", "/scenarios")


def table(page: Any, caption: str) -> list[Row]:
    """The rows of the table with this caption, each cell by its label."""
    found = page.xpath(f"//table[caption[normalize-space()='{caption}']]/tbody/tr")
    return [
        {cell.get("data-label"): " ".join(cell.text_content().split()) for cell in row}
        for row in found
    ]


def number(text: str) -> int:
    """The whole number that a cell shows; — is none."""
    digits = "".join(c for c in text if c.isdecimal())
    return int(digits) if digits else 0


def assert_batches(pages: dict[str, Any], report: LeadingReport) -> None:
    start, listed = (table(pages[path], "各批次情况") for path in ("/", "/projects/"))
    assert start == listed and len(start) == len(report.batches)
    for row, batch in zip(start, report.batches, strict=True):
        assert batch.call_title in row["批次"] and WORDS[batch.provenance] in row["批次"]
        if isinstance(batch.received, str):
            assert row["收到"] == batch.received
        elif batch.received is not None:
            assert number(row["收到"]) == batch.received
        shown = [number(row[name]) for name in ("立项", "已落地", "正在推进", "其他状态")]
        others = sum(state.count for state in batch.others)
        assert shown == [batch.approved, batch.landed, batch.in_progress, others]
        assert number(row["名称未载明"]) == (batch.unnamed or 0)
        assert shown[0] == sum(shown[1:]) + number(row["名称未载明"])
        lit = {item.light: item.count for item in batch.lights}
        counts = "、".join(f"{LIGHTS[c]}{lit.get(c, 0)}个" for c in ("green", "yellow", "red"))
        said = [
            text for text in wording.light_sentences(report) if wording.batch_name(batch) in text
        ]
        assert [counts in text for text in said] == ([True] if any(lit.values()) else [])
        for color, label in LIGHTS.items():
            assert number(row[label]) == lit.get(color, 0)


def assert_projects(page: Any, report: LeadingReport) -> None:
    listed = table(page, "项目")
    assert len(listed) == len(report.portfolio)
    for project in report.portfolio:
        row = next(row for row in listed if row["项目名称"].startswith(project.name))
        assert row["状态"].startswith(project.state)
        assert row["灯色"][0] == (LIGHTS[project.light] if project.light else "灰")[0]
        assert (project.next_milestone or "—") in row["下一个里程碑"]
    lights = Counter(row["灯色"][0] for row in listed)
    counted = table(page, "各批次情况")
    for label in LIGHTS.values():
        assert lights[label[0]] == sum(number(row[label]) for row in counted)


def assert_totals(page: Any, report: LeadingReport) -> None:
    published = next(iter(captions(page, "公开报道")), "")
    shown = {
        (row["项目"], row["指标"], row["截至"]): row["公布数"]
        for row in table(page, published)
        if "个项目合计" not in row["项目"]
    }
    printed = {
        (facts.project, item.name, clock.cn_date(facts.as_of)): item
        for facts in report.facts
        for group in facts.groups
        for item in group.figures
    }
    assert shown.keys() == printed.keys()
    for key, item in printed.items():
        if item.value is None:
            assert item.text and item.text in shown[key]
        else:
            assert wording.fact_phrase(item).endswith(shown[key].replace(",", "")), key
    for kind in ("real", "demo"):
        assert_average(page, report, kind)
    if report.trend is not None and not report.trend.is_demo:
        assert_wallets(page, report)


def captions(page: Any, word: str) -> list[str]:
    found = page.xpath("//table/caption")
    return [c.text_content().strip() for c in found if word in c.text_content()]


def assert_average(page: Any, report: LeadingReport, kind: str) -> None:
    demo = kind == "demo"
    said = [line for line in report.indicators if line.code == "K11" and line.is_demo is demo]
    shown = [
        row
        for caption in captions(page, WORDS[kind])
        for row in table(page, caption)
        if row.get("指标") == INDICATORS["K11"].name and "—" not in row["合计"][:1]
    ]
    assert len(said) == len(shown)
    for line, row in zip(said, shown, strict=True):
        assert line.actual is not None and number(row["合计"]) == line.actual * 100
        assert number(row["有数据项目"]) == line.reported


def assert_wallets(page: Any, report: LeadingReport) -> None:
    """The last point of the report's chart is the total of the page."""
    assert report.trend is not None
    wallets = next(x for x in report.trend.lines if x.name == INDICATORS["K01"].name)
    shown = [
        row["合计"].split("个")[0]
        for caption in captions(page, WORDS["real"])
        for row in table(page, caption)
        if row.get("指标") == INDICATORS["K01"].name
    ]
    assert [number(text) for text in shown] == [wallets.values[-1]]


def assert_scenarios(page: Any, report: LeadingReport, there: Merchants) -> None:
    printed = sorted(name for facts in report.facts for name in facts.scenarios)
    shown = table(page, "公开报道的场景")
    assert sorted(row["场景"].removesuffix("标杆").strip() for row in shown) == printed
    compared = 0
    for kind in ("real", "demo"):
        right = there.funnel(there.scenarios, kind)
        cards = page.xpath(f"//section[.//caption[.='{WORDS[kind]}的场景']]")
        assert cards or not right.total.merchants
        for card in cards:
            counts = re.search(MERCHANTS, card.text_content())
            assert counts, kind
            total, live = right.total, right.live
            expected = (total.merchants, total.outlets, live.merchants, live.outlets)
            assert tuple(number(part) for part in counts.groups()) == expected
            compared += 1
    assert compared, "no history without a merchant compares anything"


def test_a_cell_without_a_number_is_none() -> None:
    assert (number("—"), number("1,234个")) == (0, 1234)
