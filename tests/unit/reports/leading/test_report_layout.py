"""The printed page keeps the official grid: 22 lines of 28 characters, numbers by parity."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.documents.report_cases import demo_report, facts_report
from tests.support.documents.report_pages import (
    BOTTOM,
    LEFT,
    MM,
    RIGHT,
    TOP,
    body_lines,
    made,
    needs_fonts,
    opened,
    simple,
)

pytestmark = needs_fonts
RARE = "喆昇堃玥䶮𬸚"


@pytest.mark.parametrize(
    ("text", "characters"),
    [("数字人民币创新实验室" * 200, 28), (f"{RARE}邮银协同创新" * 150, 28), ("", None)],
    ids=["solid", "rare characters between", "figures between"],
)
def test_a_full_page_has_22_lines(text: str, characters: int | None) -> None:
    text = text or "截至2022年12月31日开立个人钱包19146个" * 60
    with opened(simple(f"<p><span>{text}</span></p>")) as book:
        lines = body_lines(book.pages[0])
        assert len(lines) == 22
        if characters:
            assert [len(line) for line in lines] == [26] + [characters] * 21
        assert all(line[0]["x0"] >= LEFT - 0.5 for line in lines)
        assert all(line[-1]["x1"] <= RIGHT + 0.5 for line in lines)


def test_headings_keep_the_line_distance() -> None:
    part = "<h2><span>一、总体</span></h2><h3><span>（一）情况</span></h3><p><span>正文</span></p>"
    body = "<p><span>正文</span></p>" + part * 9
    with opened(simple(body)) as book:
        assert len(body_lines(book.pages[0])) == 22


def _page_number(page: Any) -> list[Any]:
    return [char for char in page.chars if 13.5 < char["size"] < 14.5 and char["top"] > BOTTOM]


def test_page_numbers_stand_right_on_odd_and_left_on_even_pages() -> None:
    with opened(made(demo_report())) as book:
        assert len(book.pages) >= 3
        for number, page in enumerate(book.pages, start=1):
            chars = _page_number(page)
            assert "".join(char["text"] for char in chars).replace(" ", "") == f"—{number}—"
            # One character of 14 pt in from the edge, 7 mm below the block.
            if number % 2:
                assert chars[-1]["x1"] == pytest.approx(RIGHT - 14, abs=2)
            else:
                assert chars[0]["x0"] == pytest.approx(LEFT + 14, abs=2)
            assert min(char["top"] for char in chars) == pytest.approx(BOTTOM + 7 * MM, abs=5)


def test_the_official_typefaces_are_embedded() -> None:
    with opened(made(demo_report())) as book:
        used: dict[str, set[str]] = {}
        for page in book.pages:
            for char in page.chars:
                family = char["fontname"].partition("+")[2]
                used.setdefault(family, set()).add(char["text"])
    assert "创" in used["FandolFang"]
    assert "一" in used["FandolHei"]
    assert "（" in used["FandolKai"]
    assert "北" in used["Noto-Serif-CJK-SC-Bold"]
    assert "1" in used["Noto-Serif-CJK-SC"]
    assert all(family.startswith(("Fandol", "Noto")) for family in used)


def test_rare_characters_in_names_are_shown_and_can_be_copied() -> None:
    with opened(simple(f"<p><span>评委{RARE}</span></p><h2><span>{RARE}</span></h2>")) as book:
        chars = [char for char in book.pages[0].chars if char["text"] in RARE]
    assert "".join(char["text"] for char in chars) == RARE * 2
    assert all(char["fontname"].partition("+")[2].startswith("Noto") for char in chars)


def test_the_title_is_22_point_and_the_text_16() -> None:
    with opened(made(facts_report())) as book:
        chars = book.pages[0].chars
    text = "".join(char["text"] for char in chars)
    title, body = chars[text.index("北京邮银")], chars[text.index("现将项目")]
    assert (title["height"], body["height"]) == (
        pytest.approx(22, abs=0.1),
        pytest.approx(16, abs=0.1),
    )
    assert title["x0"] - LEFT == pytest.approx(RIGHT - chars[text.index("室")]["x1"], abs=2)
    assert body["x0"] - LEFT == pytest.approx(32, abs=1)
    assert title["top"] >= TOP
