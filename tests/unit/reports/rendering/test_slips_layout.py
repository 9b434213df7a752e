"""A slip stands within its cutting lines, however long what it says."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from lab.reports.content.slips import PrintedSlip, SlipSheet, to_plain
from tests.support.documents.report_pages import MM, opened, printed

TOP, LEFT, HEIGHT, WIDTH = 9 * MM, 10 * MM, 69.5 * MM, 95 * MM
# The longest that the forms take, and the longest that are still printed in the usual size.
LONGEST = PrintedSlip("长" * 60, "名" * 30, "w" * 40, "WWWW-WWWW-WWWW")
LAST_USUAL = PrintedSlip("长" * 36, "名" * 18, "w" * 24, "WWWW-WWWW-WWWW")


def _sheet(slip: PrintedSlip, address: str) -> dict[str, Any]:
    return to_plain(
        SlipSheet(
            address=address,
            valid_until="2022年12月31日",
            issued_by="办" * 30,
            made_at=datetime(2022, 7, 1, tzinfo=UTC),
            has_demo=True,
            slips=(slip,) * 8,
        )
    )


@pytest.mark.parametrize(
    ("slip", "address"),
    [
        (LONGEST, "https://" + "lab-portal." * 7 + "cn:8443/activate"),
        (LAST_USUAL, "https://lab.example.internal/activate"),
    ],
    ids=("longest", "usual"),
)
def test_no_slip_runs_over_its_cutting_lines(slip: PrintedSlip, address: str) -> None:
    with opened(printed(_sheet(slip, address))) as book:
        (page,) = book.pages
        chars = [char for char in page.chars if char["text"].strip()]
    cells: dict[tuple[int, int], list[dict[str, Any]]] = {}
    for char in chars:
        at = (int((char["top"] - TOP) // HEIGHT), int((char["x0"] - LEFT) // WIDTH))
        cells.setdefault(at, []).append(char)
    assert sorted(cells) == [(row, column) for row in range(4) for column in range(2)]
    for (row, column), held in cells.items():
        assert len(held) == len(chars) / 8, "each says the same"
        assert max(char["bottom"] for char in held) < TOP + (row + 1) * HEIGHT - 2
        assert max(char["x1"] for char in held) < LEFT + (column + 1) * WIDTH - 2
