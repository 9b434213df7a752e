"""Views are guard, form, one call of a service or query, template: nothing they repeat by hand."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from lab.filesystem import ROOT
from tests.support.source_code import texts, tree_of

CAUGHT_BY_THE_CYCLE = {"Rejected", "EditConflict"}
PARTS_OF_THE_CYCLE = {"attempt", "commit_on_error"}
# (module, function) -> why no form comes back.
ANSWERS_WITHOUT_A_FORM = {
    ("lab/proposals/attachments/views.py", "attach"): "the upload component is answered in JSON",
}


def _views() -> Iterator[tuple[str, ast.Module]]:
    for path in texts():
        if path.name.startswith("views"):
            yield path.relative_to(ROOT).as_posix(), tree_of(path)


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


def test_views_leave_the_parts_of_the_edit_cycle_to_it() -> None:
    taken_apart = {
        (module, name.name)
        for module, tree in _views()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for name in node.names
        if name.name in PARTS_OF_THE_CYCLE
    }
    assert taken_apart == set()
