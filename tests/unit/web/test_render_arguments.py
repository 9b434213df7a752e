"""A page gets one read model: a template is passed at most three values."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from lab.filesystem import ROOT
from tests.support.source_code import trees_with

MOST_ARGUMENTS = 3


def _calls() -> Iterator[tuple[tuple[str, str], ast.Call]]:
    for path, tree in trees_with("render_template"):
        module = path.relative_to(ROOT).as_posix()
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef):
                for node in ast.walk(function):
                    if isinstance(node, ast.Call) and _draws(node):
                        yield (module, function.name), node


def _draws(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id == "render_template"


def _passes_too_many(call: ast.Call) -> bool:
    names = [keyword.arg for keyword in call.keywords]
    return None in names or len(names) > MOST_ARGUMENTS


def test_templates_get_one_read_model_and_little_beside_it() -> None:
    assert {place for place, call in _calls() if _passes_too_many(call)} == set()
