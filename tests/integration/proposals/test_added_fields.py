"""A line or text is added by its description and a column: everything else follows."""

from __future__ import annotations

import subprocess
import sys

from lab.filesystem import ROOT

CASES = "tests/integration/proposals/added_fields_cases.py"
_PAGES = "tests/integration/proposals/test_frozen_content.py"
FROZEN = (
    "tests/unit/reports/proposal_documents/test_frozen_versions.py",
    f"{_PAGES}::test_a_version_stands_on_its_page_as_it_did",
    f"{_PAGES}::test_the_sheet_to_import_has_the_columns_it_had",
)


def test_an_added_field_shows_everywhere_but_in_old_versions() -> None:
    """In a process of its own, whose description has three fields more."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.support.added_fields"]
    done = subprocess.run(
        [*command, "-p", "no:cacheprovider", CASES, *FROZEN],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:]
