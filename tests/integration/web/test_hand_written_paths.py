"""A path stands where its page is declared; everybody else names the endpoint."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest
from flask import Flask

from lab.filesystem import ROOT


def written_strings(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and text of every string but those that declare where a page stands."""
    declared: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            declared |= {part for one in node.decorator_list for part in ast.walk(one)}
        elif isinstance(node, ast.keyword) and node.arg == "url_prefix":
            declared.add(node.value)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in declared:
            yield node.lineno, node.value


def by_hand(app: Flask, source: str) -> list[tuple[int, str]]:
    """Those strings that begin as the path of a page does."""
    rules = (re.match(r"/([a-z-]+)", rule.rule) for rule in app.url_map.iter_rules())
    segments = "|".join({match[1] for match in rules if match})
    page = re.compile(rf"/({segments})(?![\w-])")
    return [found for found in written_strings(ast.parse(source)) if page.match(found[1])]


def test_no_path_of_a_page_is_written_by_hand(app: Flask) -> None:
    sources = ((path, path.read_text("utf-8")) for path in sorted((ROOT / "lab").rglob("*.py")))
    found = [(path.name, *line) for path, source in sources for line in by_hand(app, source)]
    assert found == []


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ('f"/calls/{key}"', 1),
        ('f"{base}/calls/{key}"', 1),
        ("redirect('/sign-in')", 1),
        ('bp = Blueprint("calls", __name__, url_prefix="/calls")', 0),
        ('@bp.get("/calls/<key>")\ndef show(key): ...', 0),
        ('Path("/callsign")', 0),
    ],
)
def test_a_path_written_by_hand_is_recognised(app: Flask, source: str, count: int) -> None:
    assert len(by_hand(app, source)) == count
