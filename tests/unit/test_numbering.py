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
    ],
)
def test_numbers_are_written_as_the_office_writes_them(text: str, expected: str) -> None:
    assert text == expected


@pytest.mark.parametrize(("year", "batch", "order"), [(2022, 0, 1), (2022, 1, 0), (22, 1, 1)])
def test_impossible_parts_are_refused(year: int, batch: int, order: int) -> None:
    with pytest.raises(ValueError, match=r"four digits|begin at 1"):
        numbering.proposal_number(year, batch, order)


def test_the_thousandth_sorts_after_the_one_before() -> None:
    texts = ["SB-2022-01-1000", "SB-2022-01-007", "SB-2022-01-999", "LX-2022-01-03"]
    assert sorted(texts, key=numbering.sort_key) == [
        "LX-2022-01-03",
        "SB-2022-01-007",
        "SB-2022-01-999",
        "SB-2022-01-1000",
    ]
