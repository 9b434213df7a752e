"""docs/fingerprint.md, run as it is written on an exported file: nothing but a shell and Python."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from lab.extensions import db
from lab.filesystem import ROOT
from tests.support.builders.calls import open_call
from tests.support.builders.proposals import filled_draft
from tests.support.cast import Cast
from tests.support.client import PageClient

NAME = "SB-2022-01-007（第1版）.json"


def documented() -> list[str]:
    """The commands that need no portal, as they stand in the document."""
    text = (ROOT / "docs" / "fingerprint.md").read_text("utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    assert all(NAME in line for line in lines)
    return [line for line in lines if not line.startswith("flask ")]


@pytest.fixture
def exported(client: PageClient, app: Flask, cast: Cast, tmp_path: Path) -> tuple[Path, str]:
    """A joint proposal with budget rows, handed in and exported through its page; and the
    fingerprint that the page shows."""
    with app.app_context():
        key = filled_draft(cast, open_call(cast)).key
        db.session.rollback()
    applicant = client.as_(cast.applicant)
    applicant.submit(f"/proposals/{key}/submit", {"pledge": "1"})
    shown = re.search(r"\b[0-9a-f]{64}\b", applicant.get(f"/proposals/{key}/versions/1").text)
    assert shown
    with applicant.post(f"/proposals/{key}/versions/1/export", status=200) as answer:
        file = tmp_path / NAME
        file.write_bytes(answer.data)
    return file, shown[0]


def test_documented_commands_print_the_pages_fingerprint(
    exported: tuple[Path, str],
) -> None:
    file, wanted = exported
    commands = documented()
    assert [line.split()[0] for line in commands] == ["sha256sum", "python3"]
    bare = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8"}
    for line in commands:
        # The brackets of the file's name are the document's own full-width ones: no shell signs.
        done = subprocess.run(
            line, shell=True, cwd=file.parent, env=bare, capture_output=True, text=True, check=True
        )
        assert done.stdout.split()[0] == wanted, line


def test_one_character_changed_is_another_fingerprint(exported: tuple[Path, str]) -> None:
    file, wanted = exported
    changed = file.read_bytes().replace("同意联合申报".encode(), "不同意联合申报".encode(), 1)
    assert changed != file.read_bytes()
    assert hashlib.sha256(changed).hexdigest() != wanted
