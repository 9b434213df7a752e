"""Views are guard, form, one call of a service or query, template: nothing they repeat by hand."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from lab.filesystem import ROOT

CAUGHT_BY_THE_CYCLE = {"Rejected", "EditConflict"}
# (module, function) -> why no form comes back.
ANSWERS_WITHOUT_A_FORM = {
    ("lab/identity/addresses/views.py", "confirm_address"): "a link that is over has its own page",
    ("lab/proposals/attachments/views.py", "attach"): "the upload component is answered in JSON",
    ("lab/proposals/writing/views.py", "create"): "a button; the page of the call says why not",
}


def _views() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(Path(ROOT, "lab").rglob("views*.py")):
        yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def _functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    return (node for node in tree.body if isinstance(node, ast.FunctionDef))


def _catches(function: ast.FunctionDef) -> bool:
    return any(
        isinstance(name, ast.Name) and name.id in CAUGHT_BY_THE_CYCLE
        for handler in ast.walk(function)
        if isinstance(handler, ast.ExceptHandler) and handler.type is not None
        for name in ast.walk(handler.type)
    )


def test_rejections_and_conflicts_are_answered_by_the_edit_cycle() -> None:
    by_hand = {
        (module, function.name)
        for module, tree in _views()
        for function in _functions(tree)
        if _catches(function)
    }
    assert by_hand == set(ANSWERS_WITHOUT_A_FORM)
