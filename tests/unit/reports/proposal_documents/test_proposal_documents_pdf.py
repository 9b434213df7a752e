"""The printed proposal and the receipt say what was handed in, on the official page."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pypdf
import pytest

from lab.canonical import canonical_json
from lab.proposals.rules.form.schema import (
    LABELS,
    LIMITS,
    MAX_BUDGET_ROWS,
    MAX_FILES,
    MAX_MILESTONES,
    MAX_PEOPLE,
    PLEDGE,
)
from lab.reports.content.proposal_copy import (
    AnyDocument,
    DocumentTable,
    ProposalCopy,
    from_plain,
    to_plain,
)
from lab.reports.graphics import qr
from lab.reports.rendering import pdf
from tests.support.documents.proposal_cases import (
    RARE,
    TEXTS,
    first_format,
    genuine,
    longest,
    longest_paper,
    proposal_paper,
    receipt,
    review_copy,
    shown,
    widest_paper,
)
from tests.support.documents.report_pages import (
    BANNER,
    BOTTOM,
    body_lines,
    needs_fonts,
    opened,
    outside_block,
    printed,
    printed_anew,
    squeezed,
    text_of,
)

ORDERED = (
    *("征集批次", "提交时间", "一、基本信息", "项目名称", "申报单位", "联合申报单位", "所属方"),
    *("项目类型", "场景类型", "实施地点", "计划起止", "负责人", "负责人职务", "项目组成员"),
    *("二、背景与模式", "项目背景与必要性", "项目模式", "创新点"),
    *("三、实施方案与联动", "实施方案", "涉及业务与协同部门", "与传统业务联动设想", "智能合约"),
    *("四、里程碑、指标与预算", "里程碑", "预期指标", "起始值", "目标值", "科目", "金额（元）"),
    *("五、风险与示范", "风险与合规分析", "示范性说明", "可复制性说明", "六、附件", "SHA-256"),
    *("七、诚信承诺", "负责人（签字）", "八、申报单位意见", "牵头单位（盖章）"),
    *(
        "九、联合单位意见",
        "联合申报单位（盖章）",
        "附页（实施办公室留存，不送评委）",
        "填报人",
        "负责人电话",
    ),
    "拟回避评委",
)


# How many letters a proposal of the longest texts holds: the texts of the form, leader and units,
# people, milestones, budget, names of files, the partner unit's opinion.
LONGEST = sum(
    (
        sum(LIMITS[name] for name in TEXTS),
        *(30 + 60 + 40, 2 * 60, MAX_PEOPLE * (30 + 60 + 60), MAX_MILESTONES * 60),
        *(MAX_BUDGET_ROWS * (40 + 100), MAX_FILES * 196, 500),
    )
)


def made(paper: AnyDocument) -> bytes:
    return printed(to_plain(paper))


def _pages(document: bytes) -> list[str]:
    reader = pypdf.PdfReader(io.BytesIO(document))
    return [squeezed(page.extract_text()) for page in reader.pages]


def test_every_field_follows_the_form_order() -> None:
    text, at = text_of(made(proposal_paper())), 0
    for label in ORDERED:
        found = text.find(squeezed(label), at)
        assert found >= 0, f"{label} is missing or out of order"
        at = found + 1


def test_the_proposal_says_what_was_handed_in() -> None:
    paper = proposal_paper()
    text = text_of(made(paper))
    for words in (
        "SB-2022-01-007",
        "第2版",
        "2022年7月1日9时05分03秒，由填报乙提交",
        "园区数字人民币缴费【演示】",
        "开立个人钱包数",
        "1,200.5",
        "80,000.50",
        "120,000.50",
        "同意联合申报，承担开户。",
        "联合戊在系统内确认",
        "2022年8月30日",
        "合作意向书.pdf",
        "120.6KB",
        f"成员{RARE}",
        "010-10000000",
        "曾有合作",
        PLEDGE,
        paper.origin.fingerprint,
    ):
        assert squeezed(words) in text, words
    files = paper.parts[-1].blocks[0]
    assert isinstance(files, DocumentTable) and files.rows[0][-1] in text


def test_every_page_carries_number_and_fingerprint() -> None:
    for paper in (proposal_paper(), receipt()):
        for number, page in enumerate(_pages(made(paper)), start=1):
            assert "SB-2022-01-007" in page and paper.origin.fingerprint in page
            assert f"—{number}—" in page
            assert BANNER in page
    # One template begins all these documents.
    assert BANNER not in text_of(made(genuine(receipt())))


def test_private_data_is_on_the_last_sheet_only() -> None:
    *kept, last = _pages(made(proposal_paper()))
    for words in ("010-10000000", "评委丙", "曾有合作"):
        assert words in last
        assert not any(words in page for page in kept), words


def test_the_receipt_is_one_page_with_all_evidence() -> None:
    for plain in (shown(), longest("长"), longest("W")):
        paper = receipt(plain)
        (page,) = _pages(made(paper))
        for words in (
            "申报书提交回执",
            "SB-2022-01-007",
            plain["title"],
            plain["unit"],
            "第2版",
            "2022年7月1日9时05分03秒（北京时间）",
            "填报乙",
            paper.origin.fingerprint,
            *paper.next_steps,
        ):
            assert squeezed(words) in page, words


def test_the_qr_code_opens_verification_or_the_fingerprint() -> None:
    paper = receipt()
    assert paper.origin.code.endswith(f"/reports/verify?code={paper.origin.fingerprint}")
    assert qr.qr_data_url(paper.origin.code) in pdf.render_html(to_plain(paper)).replace(
        "&#39;", "'"
    )
    bare = receipt(verify_url="")
    assert bare.origin.code == bare.origin.fingerprint
    assert qr.qr_data_url("a" * 64) != qr.qr_data_url("b" * 64)


def test_the_longest_content_is_printed_whole_with_its_headings() -> None:
    with opened(made(longest_paper("长"))) as book:
        letters = sum(char["text"] == "长" for page in book.pages for char in page.chars)
        texts = [page.extract_text() for page in book.pages]
    assert letters >= LONGEST, "every text is printed to the end"
    base = re.compile(r"(?<!\d)99,999,999,999\.99")  # budgets have one digit more
    targets = [text for text in texts if base.search(text)]
    assert all("目标值" in text for text in targets), "the heading is repeated"
    assert sum(len(base.findall(text)) for text in targets) == 30


# Of letters that no line may be broken between, each cell is as full as it can be, but a table has
# two rows and a text some lines: what follows is laid out like what went before.
@pytest.mark.parametrize("paper", [longest_paper("长"), widest_paper("W")], ids=["长", "W"])
def test_the_longest_content_stays_inside_the_text_block(paper: ProposalCopy) -> None:
    with opened(made(paper)) as book:
        assert [outside_block(page) for page in book.pages] == [[]] * len(book.pages)


@pytest.mark.parametrize("paper", [longest_paper("长"), widest_paper("W")], ids=["长", "W"])
def test_a_cell_is_not_printed_over_its_neighbour(paper: ProposalCopy) -> None:
    """Words that overlap on a line would be read as one; every column keeps to its own place."""
    with opened(made(paper)) as book:
        for page in book.pages:
            lines: dict[float, list[Any]] = {}
            for char in page.chars:
                if char["text"].strip() and char["size"] < 11 and char["bottom"] < BOTTOM:
                    lines.setdefault(round(char["matrix"][5], 1), []).append(char)
            for line in lines.values():
                line.sort(key=lambda char: char["x0"])
                for left, right in pairwise(line):
                    assert right["x0"] >= left["x1"] - 1.5


@needs_fonts
def test_the_official_grid_and_typefaces_are_kept() -> None:
    with opened(made(longest_paper("长"))) as book:
        full = [body_lines(page) for page in book.pages]
        assert max(len(lines) for lines in full) == 22
        assert max(len(line) for lines in full for line in lines) == 28
        used = {char["fontname"].partition("+")[2] for page in book.pages for char in page.chars}
    assert {"FandolFang", "FandolHei", "FandolKai"} <= {
        name.removesuffix("-Regular") for name in used
    }
    assert all(name.startswith(("Fandol", "Noto")) for name in used)


PRIVATE = ("填报乙", "010-10000000", "评委丙", "曾有合作", "办公丁")


def _everything(document: bytes) -> str:
    """All that stands in the file: text of the pages, Info, XMP, and every object unpacked."""
    reader = pypdf.PdfReader(io.BytesIO(document))
    said = [page.extract_text() for page in reader.pages]
    said += [str(value) for value in (reader.metadata or {}).values()]
    for number in range(1, int(reader.trailer["/Size"])):
        said.append(_words_of(reader.get_object(number)))
    return squeezed("".join(said))


def _words_of(found: Any) -> str:
    words = str(found)
    if isinstance(found, pypdf.generic.StreamObject):
        data = found.get_data()
        words += data.decode("utf-8", "ignore") + data.decode("utf-16-be", "ignore")
    return words


def test_the_review_copy_hides_what_reviewers_must_not_see() -> None:
    held, found = _everything(made(review_copy())), _everything(made(proposal_paper()))
    for words in PRIVATE:
        assert words not in held, words
        assert words in found, "the search finds what is there"
    for words in ("园区数字人民币缴费【演示】", "80,000.50", "同意联合申报，承担开户。", "负责甲"):
        assert words in held, words


def test_hidden_people_do_not_change_the_review_copy() -> None:
    other = review_copy(submitted_by="填报己", made_by="办公庚", verify_url="")
    assert made(other) == made(review_copy())


def test_a_version_of_the_first_format_shows_its_sum() -> None:
    paper = proposal_paper(first_format())
    text = text_of(made(paper))
    assert "预算金额（元）" in text and "120,000.50" in text and "科目" not in text
    assert "联合单位意见" not in text and "八、申报单位意见" in text
    kept = {**to_plain(paper), "schema": "proposal-1"}
    old = {k: v for k, v in kept.items() if k not in ("partner_opinion", "partner_person")}
    assert from_plain(old) == paper
    second = {**to_plain(paper), "schema": "proposal-2"}
    assert pdf.render_html(old) == pdf.render_html(second)


def test_all_fonts_are_embedded() -> None:
    for page in pypdf.PdfReader(io.BytesIO(made(proposal_paper()))).pages:
        for font in page["/Resources"]["/Font"].values():
            inner = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
            assert {"/FontFile2", "/FontFile3"} & set(inner.get_object())


def test_a_reprint_gives_the_same_bytes() -> None:
    plain = to_plain(proposal_paper())
    assert printed_anew(to_plain(from_plain(plain))) == made(proposal_paper())
    later = proposal_paper(made_at=proposal_paper().origin.made_at + timedelta(days=1))
    assert pdf.render_html(to_plain(later)) != pdf.render_html(plain), "and so another file"


def test_a_snapshot_comes_back_as_it_was_stored() -> None:
    for paper in (proposal_paper(), receipt(), review_copy()):
        assert from_plain(to_plain(paper)) == paper
        assert canonical_json(to_plain(paper)) == canonical_json(
            to_plain(from_plain(to_plain(paper)))
        )


@pytest.mark.parametrize("schema", ["proposal-5", "", "leading-4"])
def test_a_snapshot_of_an_unknown_schema_is_refused(schema: str) -> None:
    with pytest.raises(ValueError, match="schema"):
        pdf.render_html({**to_plain(receipt()), "schema": schema})


def test_text_with_markup_and_blank_fields_are_printed_as_typed() -> None:
    paper = proposal_paper(shown(mode="<b>粗</b>&amp;", linkage="", people=[], files=[]))
    text = text_of(made(paper))
    assert "<b>粗</b>&amp;" in text
    assert "未填写。" in text and f"{LABELS['people']}无。" in text
