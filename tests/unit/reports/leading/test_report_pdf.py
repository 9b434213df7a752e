"""The leading group's report says exactly what was approved, on pages that hold their text."""

from __future__ import annotations

import io
import logging
from dataclasses import replace
from decimal import Decimal

import pypdf
import pytest

from lab.reports.content.leading import LeadingReport, TroubledProject, from_plain, to_plain
from lab.reports.rendering import pdf
from lab.version import PRODUCT, VERSION
from tests.support.documents.report_cases import (
    IN_PROGRESS,
    LANDED,
    SCENARIOS,
    demo_report,
    empty_report,
    facts_report,
)
from tests.support.documents.report_pages import (
    BANNER,
    BOTTOM,
    made,
    opened,
    outside_block,
    printed_anew,
    squeezed,
    text_of,
)


def test_the_published_facts_are_printed_exactly() -> None:
    text = text_of(made(facts_report()))
    for wanted in (
        "近20个",
        "立项12个",
        "已落地4个",
        "正在推进2个",
        "个人钱包19146个",
        "对公钱包54个",
        "对公账户54个",
        "代发工资企业1户",
        "预计每月100余万元",
        "小企业贷款客户4户",
        "连锁商户1户",
        "大型酒店1家",
        "来源：公开报道",
        *SCENARIOS,
        *LANDED,
        *IN_PROGRESS,
    ):
        assert wanted in text, wanted
    assert "19,146" in text, "in the table, where thousands are parted"
    sentences = text[: text.index("（二）指标与目标")]
    assert "19,146" not in sentences, "sentences keep the figure as published"


def test_table_cells_carry_the_same_figures() -> None:
    with opened(made(facts_report())) as book:
        words = " ".join(page.extract_text() for page in book.pages)
    for line in (
        "开立个人钱包数 个 累计 19,146 — —",
        "开立对公钱包数 个 累计 54 — —",
        "储备小企业贷款客户数 户 时点 4 — —",
        "月代发工资金额 万元/月 预计 预计每月100余万元 — —",
    ):
        assert line in words, line


def test_the_banner_appears_only_with_demonstration_data() -> None:
    for report, wanted in ((demo_report(), True), (facts_report(), False)):
        with opened(made(report)) as book:
            assert [BANNER in page.extract_text() for page in book.pages] == [wanted] * len(
                book.pages
            )


def test_every_page_names_cut_off_snapshot_and_hash() -> None:
    report = demo_report()
    with opened(made(report)) as book:
        for page in book.pages:
            foot = squeezed(page.crop((0, BOTTOM, page.width, page.height)).extract_text())
            assert "数据截至2022年12月31日" in foot
            assert f"BG-2022-003第2版指纹{(report.data_hash or '')[:8]}" in foot


def test_twelve_projects_fit_on_four_pages() -> None:
    with opened(made(demo_report())) as book:
        assert 2 <= len(book.pages) <= 4


def test_the_notes_say_who_when_and_from_what() -> None:
    report = demo_report()
    text = text_of(made(report))
    for wanted in (
        "2023年1月4日9时05分由实施办公室经办人生成",
        str(report.data_hash),
        "审计链头：5d1f09ab",
        "①2022年10月数据经更正。",
    ):
        assert wanted in text, wanted


def test_sections_without_content_say_so_or_are_left_out() -> None:
    text = text_of(made(empty_report()))
    assert text.count("本期无。") == 4
    assert "指标走势" not in text
    assert "亮灯情况" not in text
    for heading in (
        "一、总体情况",
        "二、项目情况",
        "三、指标完成情况",
        "四、需领导小组决定的事项",
        "五、推进困难的项目",
    ):
        assert heading in text


def test_the_chart_is_a_described_picture_with_text() -> None:
    document = made(demo_report())
    assert "31,208" in text_of(document)
    with opened(document) as book:
        fonts = {
            char["fontname"]
            for page in book.pages
            for char in page.chars
            if char["text"] == "硬" and char["size"] < 10
        }
        assert any("Noto-Sans-CJK-SC" in font for font in fonts)
    assert "个人钱包2022年12月为31208个" in pdf.render_html(to_plain(demo_report()))


def test_a_reprint_gives_the_same_bytes() -> None:
    first = made(demo_report())
    printed_anew(to_plain(facts_report()))
    assert printed_anew(to_plain(from_plain(to_plain(demo_report())))) == first


def test_the_file_says_its_title_language_and_time_of_issue() -> None:
    reader = pypdf.PdfReader(io.BytesIO(made(facts_report())))
    info = reader.metadata
    assert info is not None
    assert info.title == "北京邮银数字人民币创新实验室项目推进情况报告（2022年度）"
    assert info["/CreationDate"] == "D:20230104090500+08'00"
    assert reader.root_object["/Lang"] == "zh-CN"
    assert reader.root_object["/MarkInfo"]["/Marked"]


def _long_text() -> LeadingReport:
    report = demo_report()
    solid, latin = "长" * 2000, "W" * 2000
    rows = (
        replace(
            report.portfolio[0],
            name=solid[:400],
            unit=latin[:300],
            state="待签任务书阶段",
            light="red",
            light_reason=latin[:80],
            next_milestone=latin[:120],
        ),
    )
    odd = replace(
        report.indicators[-2],
        name=latin[:200],
        actual=Decimal("987654321"),
        target=Decimal("999999999"),
        unit="个",
        completion=Decimal("12345.67"),
    )
    return replace(
        report,
        portfolio=rows + report.portfolio[1:],
        indicators=(odd, *report.indicators),
        troubles=(TroubledProject(latin[:300], "red", None, solid, latin, True),),
    )


def _thirty_projects() -> LeadingReport:
    report = demo_report()
    return replace(report, portfolio=(report.portfolio * 3)[:30])


@pytest.mark.parametrize(
    "report",
    [facts_report(), demo_report(), empty_report(), _thirty_projects(), _long_text()],
    ids=["facts", "demonstration", "empty", "thirty projects", "text without breaks"],
)
def test_nothing_leaves_the_text_block(report: LeadingReport) -> None:
    with opened(made(report)) as book:
        assert [outside_block(page) for page in book.pages] == [[]] * len(book.pages)


def test_a_long_table_repeats_its_header_on_every_page() -> None:
    with opened(made(_thirty_projects())) as book:
        tables = [page.extract_text() for page in book.pages if "LX-2022-01" in page.extract_text()]
    assert len(tables) >= 2
    assert all("下一里程碑" in text for text in tables)


def test_text_with_markup_is_printed_as_typed() -> None:
    report = facts_report()
    row = replace(report.portfolio[0], name="<b>粗</b>&amp;“引”")
    assert "<b>粗</b>&amp;“引”" in text_of(made(replace(report, portfolio=(row,))))


def test_a_rare_character_is_printed_not_a_box(caplog: pytest.LogCaptureFixture) -> None:
    report, rare = facts_report(), ("庆典🎉与红包🧧", "𪚥记商行", "𠮷野家", "家庭👨‍👩‍👧‍👦")
    row = report.portfolio[0]
    named = replace(report, portfolio=tuple(replace(row, name=name) for name in rare))
    with caplog.at_level("WARNING", "weasyprint"):
        logging.getLogger("weasyprint").propagate = True
        printed_anew(to_plain(named))
    assert "notdef" not in caplog.text


def test_the_file_names_the_version_that_printed_it() -> None:
    about = pypdf.PdfReader(io.BytesIO(made(facts_report()))).metadata
    assert about is not None
    assert about["/Creator"] == f"{PRODUCT} {VERSION}"
