"""Light Markdown as HTML: what is drawn, what never becomes markup, what stays bounded."""

from __future__ import annotations

import re
import time

import pytest
from lxml import html as lxml_html

from lab.web.rich import JOINER, LONGEST, parse_rich_text, render_rich_text, safe_address
from lab.web.typed.text import normalise
from tests.support.corpus.cases import CASES
from tests.support.corpus.forms import stored_form
from tests.support.scripts import call_script

ALLOWED = {
    *("p", "br", "strong", "h3", "h4", "h5", "h6", "ul", "ol", "li", "a", "div"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
ATTRIBUTES = {"href", "rel", "class", "scope", "start"}


def tree(text: str) -> lxml_html.HtmlElement:
    return lxml_html.fromstring(f"<section>{render_rich_text(text)}</section>")


def tags(text: str) -> list[str]:
    return [node.tag for node in tree(text).iter()][1:]


@pytest.mark.parametrize(
    ("typed", "drawn"),
    [
        ("一行\n又一行", "<p>一行<br>\n又一行</p>\n"),
        ("一段\n\n二段", "<p>一段</p>\n<p>二段</p>\n"),
        ("**申报要求：**请各单位", "<p><strong>申报要求：</strong>请各单位</p>\n"),
        ("- 甲\n- 乙", "<ul>\n<li>甲</li>\n<li>乙</li>\n</ul>\n"),
        ("3. 丙\n4. 丁", '<ol start="3">\n<li>丙</li>\n<li>丁</li>\n</ol>\n'),
        ("[办法](/calls)", '<p><a href="/calls" rel="noopener">办法</a></p>\n'),
    ],
)
def test_signs_become_what_they_stand_for(typed: str, drawn: str) -> None:
    assert render_rich_text(typed) == drawn


@pytest.mark.parametrize(
    "typed",
    [
        "5*6*7=210",
        "__init__",
        "一、征集范围",
        "1、第一项\n2、第二项",
        "#不是标题",
        "----",
        "甲 < 乙 && 丙",
        "C:\\计划\\[终稿]",
        "** **",
        "&copy; 2022",
    ],
)
def test_a_plain_text_of_before_looks_as_it_was_typed(typed: str) -> None:
    section = tree(typed)
    assert {node.tag for node in section.iter()} <= {"section", "p", "br"}
    shown = "".join(section.itertext()).strip()
    assert shown == typed


def test_headings_nest_below_the_page_without_skips() -> None:
    assert tags("### 甲\n# 乙\n#### 丙\n## 丁") == ["h3", "h3", "h4", "h4"]
    assert tags("# \n正文") == ["p"], "an empty heading is none"


def test_a_table_has_a_frame_and_heads_and_no_style() -> None:
    section = tree("| 项目 | 金额 |\n| --- | ---: |\n| 甲 | 5 |")
    assert section[0].tag == "div"
    assert [th.get("scope") for th in section.iter("th")] == ["col", "col"]
    assert [td.get("class") for td in section.iter("td")] == [None, "num"]


@pytest.mark.parametrize(
    "address",
    ["https://a.cn/x", "http://a.cn", "mailto:office@a.cn", "/calls/abc", "/", "/a?b=c&d=e"],
)
def test_links_lead_to_the_web_a_mailbox_or_the_portal(address: str) -> None:
    assert safe_address(address)
    (link,) = tree(f"[看]({address})").iter("a")
    assert (link.get("href"), link.get("rel")) == (address, "noopener")


@pytest.mark.parametrize(
    "address",
    [
        *("javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x"),
        *("//evil.cn", "/\\evil.cn", "\\\\evil.cn", "https:evil", "https:///evil", "file:///etc"),
        *("calls/abc", "#top", "", "ftp://a.cn"),
    ],
)
def test_links_lead_nowhere_else(address: str) -> None:
    for link in tree(f"[看]({address}) [再看](<{address}>)").iter("a"):
        assert link.get("href") == "/%5Cevil.cn", "a path of the portal that does not exist"


@pytest.mark.parametrize(
    "typed",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![图](/a.png)",
        "| <b>甲</b> |\n| --- |\n| <a href='javascript:x'>乙</a> |",
        '[x](https://a.cn "onmouseover=alert(1)")',
        "- <style>p{}</style>\n- <!-- -->",
        "**<u>粗</u>**",
    ],
)
def test_nothing_typed_becomes_other_markup(typed: str) -> None:
    for node in list(tree(typed).iter())[1:]:
        assert node.tag in ALLOWED
        assert set(node.keys()) <= ATTRIBUTES


def test_the_corpus_renders_with_allowed_tags_only() -> None:
    for case in CASES:
        for node in list(tree(stored_form(case)[:8000].replace("\x00", "")).iter())[1:]:
            assert node.tag in ALLOWED, case.id


@pytest.mark.parametrize(
    "typed",
    [
        "长" * 8000,
        "[" * 8000,
        "**a" * 2600,
        "- " * 4000,
        "\n".join("  " * depth + "- 甲" for depth in range(80)),
        "|a|b|\n|-|-|\n" + "|\n" * 3900,
        "# 甲\n" * 2000,
        "- 甲\n" * 2000,
        "**[a](/b)**" * 190,
        "9. a\n" * 1600,
        "长" * (LONGEST + 1),
    ],
    ids=lambda typed: typed[:6],
)
def test_a_costly_text_renders_quickly_and_in_full(typed: str) -> None:
    began = time.process_time()
    drawn = "".join(tree(typed).itertext())
    assert time.process_time() - began < 5  # a text that costs its square takes a minute
    for sign in ("长", "甲"):
        assert drawn.count(sign) == typed.count(sign)


# -- the editor ------------------------------------------------------------------------------------

WRITTEN = [
    *("一行\n又一行", "一段\n\n二段", "**申报要求：**请各单位", "- 甲\n- 乙", "3. 丙\n4. 丁"),
    *("[办法](/calls)", "### 甲\n# 乙\n#### 丙\n## 丁", "# \n正文", "1、第一项\n2、第二项"),
    "| 项目 | 金额 | 中 |\n|---|--:|:-:|\n| 甲\\|乙 | 5 |\n| | | |",
    "* 甲\n  * 乙\n    1. 丙\n* 丁\n\n  又一段\n\n正文",
    "- 甲\n- 乙\n+ 丙\n\n1) 丁",
    "- ## 标题\n- | a |\n  | - |\n  | b |\n-\n- 1. 甲",
    "**a [b](/c)\nd** **e**f [g **h**](https://a.cn/x?a=1&b=(2)) [i](mailto:a@b.cn)",
    "[x](javascript:alert(1)) [y](//evil.cn) [z]() [甲](<https://a.cn/中文>)",
    "a | b\n--- | ---\nc | d\n\n后文",
    "5*6*7=210 __init__ #不是标题 C:\\计划\\[终稿] &copy; <b> ** **",
    "　　缩进的一段\n　　又一行",
    "# 标题 #\n正文\n- 紧接的列表\n2. 不从一开始\n# 又一题",
    *("5*6*7=210", "----", "甲 < 乙 && 丙", "** **", "- - 甲", "1. 甲\n\n   乙\n2. 丙"),
]


def same_look(html: str) -> str:
    """Bold inside a link looks like a link inside bold; an empty heading leaves a line end."""
    html = re.sub(r"<strong>(<a [^>]*>)([^<]*)</a></strong>", r"\1<strong>\2</strong></a>", html)
    return re.sub(r"\n+", "\n", html).strip()


def test_what_the_editor_writes_renders_as_before() -> None:
    texts = [*WRITTEN, *(stored_form(case)[:8000].replace("\x00", "") for case in CASES)]
    kept = call_script("../../tests/scripts/round_trip.js", "roundTrip", [[text] for text in texts])
    assert all(text is not None for text in kept[: len(WRITTEN)])
    for text, written in zip(texts, kept, strict=True):
        if written is not None:
            assert same_look(render_rich_text(written)) == same_look(render_rich_text(text)), text


SIGNS = ["#", "######", "-", "+", "*", "1.", "9)"]
PLACES = ["正文\n\n{}", "甲\n{}", "- 甲\n- {}", "1. 甲\n\n   {}", "{}\n\n正文"]


def test_a_lone_sign_at_the_end_of_a_text_is_kept() -> None:
    """The joiner that keeps a sign from being markup is trimmed at the end of what is stored."""
    texts = [place.format(sign + JOINER) for place in PLACES for sign in SIGNS]
    first = call_script("../../tests/scripts/round_trip.js", "roundTrip", [[t] for t in texts])
    saved = [normalise(text) for text in first]
    again = call_script("../../tests/scripts/round_trip.js", "roundTrip", [[t] for t in saved])
    for text, once, twice in zip(texts, saved, again, strict=True):
        assert same_look(render_rich_text(once)) == same_look(render_rich_text(text)), text
        assert normalise(twice) == once


def test_the_editor_opens_what_the_server_shows_with_structure() -> None:
    texts = [
        "- " * 5 + "甲",
        "- " * 6 + "甲",
        "[" * 200,
        "[" * 201,
        "|a|\n|-|\n" * 83,
        "|a|\n" * 170,
    ]
    opened = call_script("../../tests/scripts/round_trip.js", "roundTrip", [[t] for t in texts])
    shown = [parse_rich_text(text) for text in texts]
    assert [text is None for text in opened] == [tokens is None for tokens in shown]
    assert None in opened and any(opened)
