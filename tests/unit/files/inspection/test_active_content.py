"""What in a file acts is found, and the table says what becomes of the file."""

from __future__ import annotations

from typing import Any

import pytest

from lab.files.inspection import active, examiner, kinds
from lab.files.inspection.active import ACCEPTED, PICTURES_ONLY, REJECTED, TABLE
from lab.files.inspection.problems import problem_message
from lab.filesystem import ROOT
from tests.support.builders import active_files as build


def examined(data: bytes, extension: str = "pdf") -> dict[str, Any]:
    """The code of the problem, "" for none, and the codes of what acts."""
    answer = examiner.run({"act": kinds.EXAMINE, "form": extension}, data)[0]
    problem = examiner.problem_from(answer)
    return {"fault": problem.code if problem else "", "active": answer["active"]}


def expected(code: str) -> dict[str, Any]:
    if TABLE[code].treatment == REJECTED:
        return {"fault": code, "active": []}
    return {"fault": "", "active": [code]}


@pytest.mark.parametrize("what", build.PDF)
def test_active_content_in_a_pdf_is_found(what: str) -> None:
    code, change = build.PDF[what]
    assert examined(build.pdf_with(change)) == expected(code)


@pytest.mark.parametrize("what", build.PLAIN)
def test_plain_links_and_jumps_are_taken(what: str) -> None:
    assert examined(build.pdf_with(build.PLAIN[what])) == {"fault": "", "active": []}


@pytest.mark.parametrize("what", build.OFFICE)
def test_active_content_in_office_files_is_refused_by_name(what: str) -> None:
    extension, code, data = build.OFFICE[what]
    answer = examiner.run({"act": kinds.EXAMINE, "form": extension}, data)[0]
    problem = examiner.problem_from(answer)
    assert problem is not None and problem.code == code
    said = problem_message(problem, "说明.docx")
    assert f"含有{TABLE[code].name}。第1处：" in said and f"。{TABLE[code].remedy}。" in said


@pytest.mark.parametrize("what", build.MISPLACED)
def test_parts_that_the_check_would_not_read_are_refused(what: str) -> None:
    extension, data = build.MISPLACED[what]
    assert examined(data, extension)["fault"] == "part"


@pytest.mark.parametrize("what", build.PLAIN_OFFICE)
def test_ordinary_office_files_are_taken(what: str) -> None:
    extension, data = build.PLAIN_OFFICE[what]
    assert examined(data, extension) == {"fault": "", "active": []}


@pytest.mark.parametrize("text", build.UNREADABLE)
def test_what_cannot_be_read_is_only_shown(text: bytes) -> None:
    assert examined(build.with_object(text)) == {"fault": "", "active": ["unclear"]}


def test_a_long_file_that_could_only_be_shown_is_refused() -> None:
    change = build.PDF["a script on opening"][1]
    long = examined(build.pdf_with(change, pages=21))
    assert long == {"fault": "shown_pages", "active": ["javascript"]}
    assert "脚本（JavaScript）" in active.too_long_message("报告.pdf", long["active"])
    assert examined(build.pdf_with(change, pages=20))["active"] == ["javascript"]


def test_every_row_is_decided_and_tried() -> None:
    decided = {code: row.treatment for code, row in TABLE.items()}
    assert set(decided.values()) == {REJECTED, PICTURES_ONLY, ACCEPTED}
    tried = {code for code, _ in build.PDF.values()} | {row[1] for row in build.OFFICE.values()}
    elsewhere = {"macro", "unclear"}  # test_file_checks; above
    taken = {code for code, treatment in decided.items() if treatment == ACCEPTED}
    assert tried | elsewhere | taken == set(TABLE)


def test_the_documentation_has_every_row() -> None:
    page = (ROOT / "docs" / "attachments.md").read_text(encoding="utf-8")
    words = {REJECTED: "拒收", PICTURES_ONLY: "只以图片显示", ACCEPTED: "收下"}
    for row in TABLE.values():
        assert f"| {row.file_kind} | {row.name} | {words[row.treatment]} |" in page
