"""What the pages of docs/ and the comments of templates name in the code is there."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest

from lab.filesystem import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
MODULE = re.compile(r"`(lab(?:\.\w+)+)(?:\([^`]*\))?`")
FILE = re.compile(r"`((?:lab|templates|tests|bin|bench)/[\w./-]+\.\w+)`")

COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
IN_COMMENT = re.compile(r"\blab(?:\.\w+)+")


def found(name: str) -> bool:
    """Whether a dotted name is a module, or a name in one."""
    parts, rest = name.split("."), []
    while parts:
        try:
            here = import_module(".".join(parts))
        except ModuleNotFoundError:
            rest.insert(0, parts.pop())
            continue
        for part in rest:
            here = getattr(here, part, None)
        return here is not None
    return False


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_names_of_modules_and_files_lead_somewhere(page: Path) -> None:
    text = page.read_text("utf-8") if page.name != "CHANGELOG.md" else ""
    assert [name for name in MODULE.findall(text) if not found(name)] == []
    assert [name for name in FILE.findall(text) if not (ROOT / name).exists()] == []


def test_modules_named_in_comments_of_templates_are_there() -> None:
    named = {
        name
        for path in (ROOT / "templates").rglob("*.html")
        for comment in COMMENT.findall(path.read_text("utf-8"))
        for name in IN_COMMENT.findall(comment)
    }
    assert named and sorted(name for name in named if not found(name)) == []
