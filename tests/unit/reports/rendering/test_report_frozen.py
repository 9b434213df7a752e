"""Documents of an earlier form print what they printed on the day of their issue."""

from __future__ import annotations

import json

import pytest

from lab.canonical import canonical_json
from lab.filesystem import ROOT
from lab.reports.rendering import pdf
from lab.reports.schemas.leading_1.content import from_plain, to_plain
from lab.version import PRODUCT, VERSION
from tests.support.documents.report_pages import text_of

FROZEN = ROOT / "tests" / "frozen"


def _stored(name: str) -> str:
    return (FROZEN / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["leading_1_demo", "leading_1_facts"])
def test_an_issued_report_prints_as_on_the_day_of_issue(name: str) -> None:
    printed = pdf.render_html(json.loads(_stored(f"{name}.json")))
    assert printed.replace(f"{PRODUCT} {VERSION}", "GENERATOR") == _stored(f"{name}.html")


def test_an_issued_report_still_becomes_a_file() -> None:
    text = text_of(pdf.write_pdf(pdf.render_html(json.loads(_stored("leading_1_facts.json")))))
    for words in ("近20个", "立项12个", "已落地4个", "19146个", "预计每月100余万元"):
        assert words in text, words


def test_a_stored_snapshot_of_the_first_form_reads_back_whole() -> None:
    stored = _stored("leading_1_demo.json")
    assert canonical_json(to_plain(from_plain(json.loads(stored)))) == stored


def test_the_look_shared_with_issued_reports_has_not_moved() -> None:
    """Style sheets are not in the snapshot: what is new goes under a class of its own."""
    for name in pdf.ISSUED_STYLE_SHEETS:
        assert (pdf.TEMPLATES / name).read_text(encoding="utf-8") == _stored(name)
