"""The pages of docs/ that are written from the code say what the code says."""

from __future__ import annotations

import json
import re

import pytest

from lab import policy
from lab.commands import generated_docs
from lab.config import settings
from lab.filesystem import ROOT
from lab.version import VERSION

DOCS = ROOT / "docs"


@pytest.mark.parametrize("name", sorted(generated_docs.PAGES))
def test_a_page_is_current(name: str) -> None:
    stored = (DOCS / name).read_text(encoding="utf-8")
    assert stored == generated_docs.PAGES[name](), "run: flask --app app docs write"


def test_every_cell_of_the_table_has_its_line() -> None:
    page = generated_docs.permissions_page()
    lines = [line for line in page.splitlines() if line.startswith("| `")]
    cells = sum(len(grants) for grants in policy.TABLE.values())
    assert len(lines) == cells + len(policy.RELATIONS)
    for action in policy.TABLE:
        assert f"| `{action}` |" in page


def test_every_setting_has_its_line() -> None:
    page = generated_docs.settings_page()
    for row in settings.TABLE:
        assert f"| `{row.name}` |" in page
        assert row.description in page


def test_writing_again_changes_nothing(tmp_path: object) -> None:
    folder = settings.Path(str(tmp_path))
    assert generated_docs.write(folder) == list(generated_docs.PAGES)
    assert generated_docs.write(folder) == []


def test_the_version_is_the_same_everywhere() -> None:
    package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    assert package["version"] == VERSION
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (.+)$", changes, re.MULTILINE)[0] == VERSION
