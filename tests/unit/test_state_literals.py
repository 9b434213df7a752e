"""No comparison spells a state: it names one of the lifecycle's, or one of its groups."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache

import pytest

from lab.filesystem import ROOT
from tests.support.source_code import trees_with

SQL_HELPERS = ROOT / "lab" / "db" / "state.py"  # where the texts of constraints are put together
RAW_SQL = re.compile(r"\bstatus\s*(?:=|<>|!=|(?:NOT )?IN\b)", re.IGNORECASE)
IN_TEMPLATE = re.compile(
    r"""\b(status|state|code)["']?(?:\s*(?:==|!=|(?:not\s+)?in)|,\s*["']equalto["'],)\s*"""
    r"""[\[(]?["']([^"']*)["']"""
)


@cache
def codes() -> frozenset[str]:
    """Every state of every lifecycle, and of jobs."""
    return frozenset(
        line.value.value
        for _, module in trees_with("Status", "JobState")
        for node in module.body
        if isinstance(node, ast.ClassDef) and node.name.endswith(("Status", "JobState"))
        for line in node.body
        if isinstance(line, ast.Assign) and isinstance(line.value, ast.Constant)
    )


def of_state(node: ast.expr) -> str:
    """The word by which an operand is known as a state: status, state or ""."""
    if isinstance(node, ast.Attribute) and node.attr == "code":
        node = node.value
    name = getattr(node, "attr", "") or getattr(node, "id", "")
    return name if name in ("status", "state") else ""


def spells(node: ast.expr, word: str, known: frozenset[str]) -> bool:
    """Whether an operand spells a state, or puts several together on the spot."""
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        return word == "status" or any(spells(item, word, known) for item in node.elts)
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or not node.value:
        return False
    return word == "status" or node.value in known


def faults(tree: ast.AST, known: frozenset[str]) -> Iterator[int]:
    """The lines of comparisons that spell a state."""
    for node in ast.walk(tree):
        sides: list[ast.expr] = []
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in ("in_", "not_in", "is_distinct_from", "is_not_distinct_from"):
                sides = [node.func.value, *node.args]
            elif node.func.attr == "filter_by":
                sides = [k.value for k in node.keywords if k.arg == "status"]
                sides = [ast.Name("status"), *sides] if sides else []
        word = next(filter(None, map(of_state, sides)), "")
        if word and any(spells(side, word, known) for side in sides):
            yield node.lineno  # type: ignore[attr-defined]


def raw_sql(tree: ast.AST) -> Iterator[int]:
    """The lines of SQL texts that spell a state."""
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) else None
        if isinstance(text, str) and "'" in text and RAW_SQL.search(text):
            yield node.lineno  # type: ignore[attr-defined]


def test_no_rule_or_query_spells_a_state() -> None:
    assert [
        f"{path.relative_to(ROOT)}:{line}"
        for path, module in trees_with("status", "state")
        for line in faults(module, codes())
    ] == []


def test_no_constraint_spells_a_state() -> None:
    assert [
        f"{path.relative_to(ROOT)}:{line}"
        for path, module in trees_with("status", "Status", "STATUS")
        if path != SQL_HELPERS
        for line in raw_sql(module)
    ] == []


def test_no_template_spells_a_state() -> None:
    assert [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in (ROOT / "templates").rglob("*.html")
        for match in IN_TEMPLATE.finditer(path.read_text("utf-8"))
        if match[1] == "status" or match[2] in codes()
    ] == []


@pytest.mark.parametrize(
    "line",
    (
        'proposal.status == "draft"',
        '"draft" != status',
        'row.status in ("draft", "returned")',
        "row.status not in (DRAFT, RETURNED)",
        'Proposal.status.in_(["draft"])',
        'query.filter_by(status="draft")',
        'row.state.code == "draft"',
        'resource.state == "draft"',
    ),
)
def test_a_spelled_state_is_noticed(line: str) -> None:
    assert list(faults(ast.parse(line), frozenset({"draft"}))) == [1]


def test_an_answer_and_a_name_are_no_spelled_states() -> None:
    for line in ("status == 405", "row.status in WRITING", 'state == "current"'):
        assert list(faults(ast.parse(line), frozenset({"draft"}))) == []
