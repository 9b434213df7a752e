"""What belongs together stays on one page, wherever the page ends; figures stay in their column."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pypdf
import pytest

from lab.reports.content import leading
from lab.reports.content.leading import TroubledProject
from lab.reports.content.proposal_copy import (
    DocumentColumn,
    DocumentPart,
    DocumentTable,
    ProseBlock,
    to_plain,
)
from lab.reports.rendering import pdf
from tests.support.documents.frozen_versions import VERSIONS, stored
from tests.support.documents.proposal_cases import proposal_paper, review_copy, shown
from tests.support.documents.report_cases import demo_report
from tests.support.documents.report_pages import BOTTOM, LEFT, MM, opened, printed, squeezed

LINES = 22  # of a page
OFFSETS = range(1, LINES + 1, 2)  # every other line: rows and seals are higher than two
ELEVEN, TWELVE = Decimal("98765432109.87"), Decimal("987654321098")
ROWS = (("甲行" + "说明" * 40, "1,200.00"), ("乙行" + "说明" * 40, "34.50"))  # of several lines


def _pages(plain: dict[str, object]) -> list[str]:
    reader = pypdf.PdfReader(io.BytesIO(printed(plain)))
    return [squeezed(page.extract_text()) for page in reader.pages]


def _holding(pages: list[str], words: str) -> list[int]:
    return [at for at, page in enumerate(pages) if words in page]


def _paper(lines: int, partner: str = "") -> dict[str, object]:
    """A proposal of `lines` lines, a table of two rows and the opinion with its seal; with that of
    a `partner` unit, where it has one, in three lines."""
    columns = (DocumentColumn("名称", "text"), DocumentColumn("金额（元）", "number"))
    filler = ProseBlock("填充", "\n".join(f"第{at}行" for at in range(lines)))
    paper = proposal_paper()
    return to_plain(
        replace(
            paper,
            origin=replace(paper.origin, joint_unit=partner),
            parts=(DocumentPart("内容", (filler, DocumentTable("两行表", columns, ROWS))),),
            opinion="首段意见\n末段意见",
            partner_opinion="首段答复\n中段答复\n末段答复" if partner else "",
            private=(),
        )
    )


def _table(pages: list[str]) -> list[list[int]]:
    return [_holding(pages, words) for words in ("（二）两行表", "甲行", "1,200.00", "乙行")]


def _seals(pages: list[str]) -> list[list[int]]:
    seals = ("末段意见", "申报单位（盖章）", "单位负责人（签字）", "附注")
    return [_holding(pages, words) for words in seals]


def _whole(found: list[list[int]]) -> bool:
    return len(found[0]) == 1 and found == found[:1] * len(found)


@pytest.mark.parametrize("lines", OFFSETS)
def test_short_tables_and_seals_are_whole_at_many_offsets(lines: int) -> None:
    pages = _pages(_paper(lines))
    assert _whole(_table(pages)) and _whole(_seals(pages))


def _opinions(pages: list[str]) -> list[list[list[int]]]:
    """Where heading, text and seal of the unit's opinion stand, and those of its partner's."""
    own = ("三、申报单位意见", "首段意见", "末段意见", "牵头单位（盖章）")
    other = ("四、联合单位意见", "首段答复", "末段答复", "联合申报单位（盖章）", "附注")
    return [[_holding(pages, words) for words in group] for group in (own, other)]


@pytest.mark.parametrize("lines", OFFSETS)
def test_each_opinion_stands_whole_with_its_seal(lines: int) -> None:
    pages = _pages(_paper(lines, "邮储东城支行"))
    assert all(map(_whole, _opinions(pages)))


def test_an_issued_joint_proposal_breaks_where_it_broke() -> None:
    """There the notes could stand on a page of their own."""
    issued = [
        _opinions(_pages({**_paper(lines, "邮储东城支行"), "schema": "proposal-3"}))
        for lines in OFFSETS[:6]
    ]
    assert not all(_whole(group) for found in issued for group in found)


@pytest.mark.parametrize("lines", OFFSETS)
def test_who_gave_an_opinion_stands_with_its_last_words(lines: int) -> None:
    filler = ProseBlock("填充", "\n".join(f"第{at}行" for at in range(lines)))
    opinion = ProseBlock("联合单位意见", "末段答复\n（邮储东城支行，联合戊确认）")
    parts = (DocumentPart("内容", (filler,)), DocumentPart("单位意见", (opinion,)))
    pages = _pages(to_plain(replace(review_copy(), parts=parts)))
    assert _whole([_holding(pages, words) for words in ("末段答复", "联合戊确认", "附注")])


def test_an_issued_proposal_breaks_where_it_broke() -> None:
    """So the offsets above reach the break of a table and of a seal, too."""
    issued = [
        _pages({**_paper(lines), "schema": "proposal-2"}) for lines in OFFSETS if 6 < lines < 19
    ]
    assert not all(_whole(_table(pages)) for pages in issued)
    assert not all(_whole(_seals(pages)) for pages in issued)


@pytest.mark.parametrize("lines", range(0, LINES, 3))
def test_a_report_is_signed_below_its_text_at_many_offsets(lines: int) -> None:
    reason = "\n".join(f"第{at}行" for at in range(lines)) + "\n末段"
    trouble = TroubledProject("某项目", "red", None, reason, None, True)
    report = replace(
        demo_report(), trend=None, facts=(), indicators=demo_report().indicators[-2:],
        portfolio=demo_report().portfolio[:2], decisions=(), troubles=(trouble,),
    )  # fmt: skip
    pages = _pages(leading.to_plain(report))
    assert _whole([_holding(pages, words) for words in ("末段", "附注", "数据指纹")])
    assert _whole([_holding(pages, row.name) for row in report.indicators])


# -- figures -----------------------------------------------------------------------------------


FIGURE = re.compile(r"[\d,]+(\.\d+)?")
CLEAR = 5  # points between a figure and the next column
SMALL = 10.5  # points, the type of tables
NAME_FROM, NAME_TO = LEFT + 10 * MM, LEFT + 54 * MM  # the widest column of names


def _beside_figures(plain: dict[str, object]) -> tuple[set[str], list[str]]:
    """The long figures of the tables, and those with another column's text close by."""
    figures, close = set(), []
    with opened(printed(plain)) as book:
        for page in book.pages:
            words = [w for w in page.extract_words(x_tolerance=1.5) if w["bottom"] < BOTTOM]
            for word in words:
                if len(word["text"]) > 8 and FIGURE.fullmatch(word["text"]):
                    figures.add(word["text"])
                    close += [word["text"] for other in words if _is_close(word, other)]
    return figures, close


def _is_close(figure: dict[str, Any], other: dict[str, Any]) -> bool:
    beside = other["top"] < figure["bottom"] and figure["top"] < other["bottom"]
    near = other["x0"] < figure["x1"] + CLEAR and figure["x0"] - CLEAR < other["x1"]
    return other is not figure and beside and near


def test_figures_of_twelve_digits_are_clear_of_the_next_column() -> None:
    target = {"indicator": "K01", "base": ELEVEN, "target": TWELVE, "due_on": date(2022, 12, 31)}
    budget = [{"item": "终端", "amount_fen": 98_765_432_109_876, "note": "7" * 60}] * 2
    paper = proposal_paper(shown(targets=[target] * 2, budget=budget, budget_fen=12_345))
    figures, close = _beside_figures(to_plain(paper))
    assert figures >= {"98,765,432,109.87", "987,654,321,098", "987,654,321,098.76"}
    assert close == []


def test_the_size_of_a_file_is_clear_of_its_digest() -> None:
    file = {"key": "k" * 12, "name": "表.pdf", "size": 1_023_900, "sha256": "0" * 64}
    plain = to_plain(proposal_paper(shown(files=[file])))
    with opened(printed(plain)) as book:
        words = [w for page in book.pages for w in page.extract_words(x_tolerance=1.5)]
    (size,) = [w for w in words if w["text"] == "KB"]
    digests = [w for w in words if w["text"].startswith("0" * 20)]
    assert len(digests) == 2 and all(w["x0"] > size["x1"] + CLEAR for w in digests)


NAMES = ("长" * 30, "W" * 30, "阿卜杜热合曼·买买提江")


@pytest.mark.parametrize("name", NAMES, ids=("hanzi", "latin", "usual"))
def test_a_name_takes_three_lines_at_most(name: str) -> None:
    """Among the members, and among those to avoid."""
    row = {"name": name, "unit": "邮储银行北京分行个人金融部", "reason": "曾有合作"}
    member = {"name": name, "unit": "邮储东城支行", "duty": "商户拓展"}
    paper = proposal_paper(shown(people=[member]), avoided=[row])
    with opened(printed(to_plain(paper))) as book:
        columns = [_signs_of(name, page) for page in book.pages]
    full = [signs for signs in columns if len(signs) >= len(name)]
    assert len(full) == 2
    assert all(len({round(sign["matrix"][5]) for sign in signs}) <= 3 for signs in full)


def _signs_of(name: str, page: Any) -> list[dict[str, Any]]:
    """The characters of a name in the column of names."""
    return [
        char
        for char in page.chars
        if char["text"] in name
        and abs(char["size"] - SMALL) < 0.1
        and NAME_FROM < char["x0"] < NAME_TO
    ]


def test_the_unit_of_a_person_to_avoid_has_its_own_column() -> None:
    row = {"name": "评委丙", "unit": "邮储东城支行", "reason": "曾有合作"}
    *_, avoided = proposal_paper(avoided=[row]).private
    assert isinstance(avoided, DocumentTable)
    assert [column.label for column in avoided.columns] == ["序号", "姓名", "单位", "理由"]
    assert avoided.rows == (("1", "评委丙", "邮储东城支行", "曾有合作"),)
    *_, chosen = proposal_paper().private
    assert isinstance(chosen, DocumentTable)
    assert [column.label for column in chosen.columns] == ["序号", "姓名", "理由"]


def test_a_report_keeps_figures_of_twelve_digits_apart() -> None:
    report = demo_report()
    row = replace(report.indicators[-3], unit="个", actual=TWELVE - 1, target=TWELVE)
    figures, close = _beside_figures(leading.to_plain(replace(report, indicators=(row,) * 3)))
    assert figures >= {"987,654,321,097", "987,654,321,098"}
    assert close == []


# -- what was issued ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", VERSIONS)
def test_issued_documents_carry_no_word_of_the_new_layout(name: str) -> None:
    for snapshot in stored(name)["documents"].values():
        assert pdf.WHOLE not in pdf.render_html(snapshot)


def test_an_issued_report_carries_no_word_of_the_new_layout() -> None:
    plain = leading.to_plain(demo_report())
    issued = pdf.render_html({**plain, "schema": "leading-2"})
    assert '<body class="leading-2">' in issued and ' short"' not in issued
    assert '<body class="leading-2 whole">' in pdf.render_html(plain)


OWN_CLASSES = {"gathered.css": (f".{pdf.GATHERED} ",), "slips.css": (".slip", "body.slips", "@")}


def test_later_styles_reach_nothing_without_their_class() -> None:
    later = set(pdf.STYLE_SHEETS) - set(pdf.ISSUED_STYLE_SHEETS)
    assert later == set(OWN_CLASSES)
    for name, begins in OWN_CLASSES.items():
        css = re.sub(r"/\*.*?\*/", "", (pdf.TEMPLATES / name).read_text("utf-8"), flags=re.S)
        selectors = [
            part.strip() for rule in re.findall(r"([^{};]+)\{", css) for part in rule.split(",")
        ]
        assert selectors and all(part.startswith(begins) for part in selectors), name
