"""A name that a docstring puts in backticks is in the code that the docstring is about."""

from __future__ import annotations

import ast
import builtins
import re
import sys
from collections.abc import Iterator

import pytest

from tests.support.source_code import (
    Names,
    classes,
    contents,
    imports,
    leads_somewhere,
    members,
    modules,
    package_of,
    tables,
    templates,
    top_level,
    words,
)

QUOTED = re.compile(r"`([^`]+)`")
# Addresses, commands and values are none.
NAME = re.compile(r"([A-Za-z_]\w*(?:\.\w+)*)(?:\([\w, ]*\))?")
ELSEWHERE = frozenset(dir(builtins)) | {
    "status",  # the column of every lifecycle
    "Host",  # a header
    "class_",  # keywords that stand for any attribute of an element
    "aria_x",
    "data_x",
    "on_conflict_do_nothing",  # SQLAlchemy's, of two dialects
    "on_conflict_do_update",
}
SAMPLE = '''
from lab.proposals.core.visibility.relations import is_participant

@dataclass
class Row:
    """A line; `{}`: the reader takes part in it."""

    mine: bool
'''

Documented = ast.Module | ast.ClassDef | ast.FunctionDef
Outside = tuple[ast.ClassDef | ast.FunctionDef, ...]


def about_class(node: ast.ClassDef, tree: ast.Module) -> Names:
    """Return its members and the names of its module.

    Imported functions are left out, and of a dataclass those of the module that do not use it: a
    field that was renamed to one would go unnoticed.
    """
    left_out = {name for name in imports(tree) if name == name.lower()}
    if any("dataclass" in words(decorator) for decorator in node.decorator_list):
        functions = (other for other in tree.body if isinstance(other, ast.FunctionDef))
        left_out |= {other.name for other in functions if node.name not in words(other)}
    return members(node.name) | words(node) | (top_level(tree) - left_out)


def about_function(node: ast.FunctionDef, tree: ast.Module) -> Names:
    """Return the names around it, those it uses, the members of what it takes and returns."""
    types = words(node.args) | (words(node.returns) if node.returns else frozenset())
    return words(node).union(top_level(tree), *map(members, types))


def quotable(node: Documented, outside: Outside, module: str, tree: ast.Module) -> Names:
    """Return the names that a docstring may quote alone."""
    siblings = frozenset() if isinstance(node, ast.ClassDef) else contents(package_of(module))
    return siblings.union(
        ELSEWHERE,
        tables(),
        words(tree) if node is tree else frozenset(),
        *(about_class(n, tree) for n in outside if isinstance(n, ast.ClassDef)),
        *(about_function(n, tree) for n in outside if isinstance(n, ast.FunctionDef)),
    )


def documented(node: Documented, outside: Outside = ()) -> Iterator[tuple[Documented, Outside]]:
    """Yield a module, its classes and functions, each with itself and those around it."""
    yield node, outside
    for inner in node.body:
        if isinstance(inner, ast.ClassDef | ast.FunctionDef):
            yield from documented(inner, (*outside, inner))


def resolves(name: str, module: str, tree: ast.Module) -> bool:
    """Whether a dotted name leads somewhere, read as a reader of the module would."""
    first, _, rest = name.partition(".")
    if name.endswith(".html"):
        return name in templates()
    if first == "lab" or first in sys.stdlib_module_names:
        return leads_somewhere(name)
    if first in classes():
        return rest in members(first)
    if first in imports(tree):
        return leads_somewhere(f"{imports(tree)[first]}.{rest}")
    parts = package_of(module).split(".")
    return any(leads_somewhere(".".join([*parts[:end], name])) for end in range(1, len(parts) + 1))


def dead_names(module: str, tree: ast.Module) -> Iterator[str]:
    """Yield the names that a module's docstrings quote and nothing bears."""
    for node, outside in documented(tree):
        quoted = QUOTED.findall(ast.get_docstring(node) or "")
        names = [match[1] for match in map(NAME.fullmatch, quoted) if match]
        alone = quotable(node, outside, module, tree) if names else frozenset()
        for name in names:
            if not (resolves(name, module, tree) if "." in name else name in alone):
                yield f"{module}: {name}"


def test_every_name_that_a_docstring_quotes_is_there() -> None:
    assert [
        dead for name, tree in sorted(modules().items()) for dead in dead_names(name, tree)
    ] == []


@pytest.mark.parametrize("name", ("is_participant", "takes_part", "queries.gone", "lab.gone"))
def test_a_field_or_function_that_is_gone_is_noticed(name: str) -> None:
    assert list(dead_names("lab.sample", ast.parse(SAMPLE.format(name)))) == [f"lab.sample: {name}"]


@pytest.mark.parametrize("name", ("mine", "clock.today()", "lab.policy", "html.escape"))
def test_a_name_that_is_there_is_no_dead_one(name: str) -> None:
    assert list(dead_names("lab.sample", ast.parse(SAMPLE.format(name)))) == []
