"""Office numbers."""

from __future__ import annotations

import pytest

from lab.numbering import formats as numbering


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (numbering.proposal_number(2022, 1, 7), "SB-2022-01-007"),
        (numbering.proposal_number(2022, 12, 999), "SB-2022-12-999"),
        (numbering.proposal_number(2022, 1, 1000), "SB-2022-01-1000"),
        (numbering.project_number(2022, 1, 3), "LX-2022-01-03"),
        (numbering.slip_number(2022, 15), "DB-2022-015"),
        (numbering.request_number(2022, 8), "XT-2022-008"),
        (numbering.bulletin_number(2022, 3, 3), "2022年第3期（总第3期）"),
        (numbering.meeting_title(2022, 5), "2022年第5次例会"),
    ],
)
def test_numbers_are_written_as_the_office_writes_them(text: str, expected: str) -> None:
    assert text == expected


@pytest.mark.parametrize(
    "text",
    ["SB-2022-01-007", "SB-2022-01-1000", "LX-2022-01-03", "DB-2022-015", "XT-2022-008"],
)
def test_every_number_reads_back_to_itself(text: str) -> None:
    assert str(numbering.parse(text)) == text


def test_a_number_is_taken_apart() -> None:
    assert numbering.parse("SB-2022-01-007") == numbering.Number("SB", 2022, 1, 7)
    assert numbering.parse("DB-2022-015") == numbering.Number("DB", 2022, None, 15)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "SB-2022-1-007",
        "SB-2022-01-07",
        "SB-2022-01-0007",
        "SB-2022-01-000",
        "SB-2022-007",
        "DB-2022-01-015",
        "QQ-2022-001",
        "sb-2022-01-007",
        "SB-2022-01-007 ",
        "SB-２０２２-01-007",
        "SB-0022-01-007",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"not a number|four digits|begin at 1"):
        numbering.parse(text)


@pytest.mark.parametrize(("year", "batch", "order"), [(2022, 0, 1), (2022, 1, 0), (22, 1, 1)])
def test_impossible_parts_are_refused(year: int, batch: int, order: int) -> None:
    with pytest.raises(ValueError, match=r"four digits|begin at 1"):
        numbering.proposal_number(year, batch, order)


def test_a_running_total_below_the_number_of_the_year_is_refused() -> None:
    with pytest.raises(ValueError, match="running total"):
        numbering.bulletin_number(2022, 3, 2)


def test_the_thousandth_sorts_after_the_one_before() -> None:
    texts = ["SB-2022-01-1000", "SB-2022-01-007", "SB-2022-01-999", "LX-2022-01-03"]
    assert sorted(texts, key=numbering.sort_key) == [
        "LX-2022-01-03",
        "SB-2022-01-007",
        "SB-2022-01-999",
        "SB-2022-01-1000",
    ]
