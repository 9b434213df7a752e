"""What the modules of the portal define, read from their text without importing them."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from lab.filesystem import ROOT

FROZEN = "schemas"  # prints documents of an earlier form, and stays as it was
Names = frozenset[str]


@cache
def texts() -> dict[Path, str]:
    """The text of every module of the portal."""
    return {path: path.read_text("utf-8") for path in sorted((ROOT / "lab").rglob("*.py"))}


@cache
def tree_of(path: Path) -> ast.Module:
    """A module of the portal, parsed once for all who ask."""
    return ast.parse(texts()[path])


def trees_with(*parts: str) -> Iterator[tuple[Path, ast.Module]]:
    """The modules whose text has one of these parts; what has none need not be parsed."""
    for path, text in texts().items():
        if any(part in text for part in parts):
            yield path, tree_of(path)


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of the portal by its dotted name; a package is its `__init__`."""
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts): tree_of(path)
        for path in texts()
        if FROZEN not in path.parts
    }


def package_of(module: str) -> str:
    return module.rpartition(".")[0]


@cache
def contents(package: str) -> Names:
    """The names of the modules and packages directly inside a package."""
    start = f"{package}."
    return frozenset(m[len(start) :].split(".")[0] for m in modules() if m.startswith(start))


@cache
def templates() -> Names:
    return frozenset(path.name for path in (ROOT / "templates").rglob("*.html"))


@cache
def classes() -> dict[str, list[ast.ClassDef]]:
    by_name: dict[str, list[ast.ClassDef]] = defaultdict(list)
    for tree in modules().values():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                by_name[node.name].append(node)
    return by_name


@cache
def tables() -> Names:
    """The stored names of the tables."""
    return frozenset(
        line.value.value
        for nodes in classes().values()
        for node in nodes
        for line in node.body
        if isinstance(line, ast.Assign)
        and isinstance(line.value, ast.Constant)
        and words(line.targets[0]) == {"__tablename__"}
    )


@cache
def words(node: ast.AST) -> Names:
    """The names that the code below a node uses, and the words of its texts."""
    names: set[str] = set()
    parts = [node]
    for part in parts:
        if isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant):
            continue  # a docstring does not vouch for itself
        for attribute in ("id", "arg", "name", "attr", "asname"):
            if isinstance(name := getattr(part, attribute, None), str):
                names.update(name.split("."))
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            names.update(re.findall(r"\w+", part.value))
        parts.extend(ast.iter_child_nodes(part))
    return frozenset(names)


@cache
def members(name: str) -> Names:
    """What the classes of this name, and their bases, define and use."""
    names: set[str] = set()
    for node in classes().get(name, ()):
        bases = {getattr(base, "id", getattr(base, "attr", "")) for base in node.bases}
        names = names.union(words(node), *map(members, bases - {name}))
    return frozenset(names)


@cache
def top_level(tree: ast.Module) -> Names:
    """What a module binds, and uses outside its functions and classes."""
    names: set[str] = set()
    for node in tree.body:
        inside = isinstance(node, ast.ClassDef | ast.FunctionDef)
        names |= {node.name} if inside else words(node)  # type: ignore[attr-defined]
    return frozenset(names)


@cache
def imports(tree: ast.Module) -> dict[str, str]:
    """The full names of what a module imports, by the names that it gives them."""
    return {
        alias.asname or alias.name: f"{getattr(node, 'module', '')}.{alias.name}".strip(".")
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }


def leads_somewhere(name: str) -> bool:
    """Whether a full name is a module, a name in one, a member of its class, or not of lab."""
    owner, _, last = name.rpartition(".")
    if not name.startswith("lab.") or name in modules() or contents(name):
        return True
    tree = modules().get(owner) or modules().get(f"{owner}.__init__")
    if tree is not None:
        return last in top_level(tree)
    kind = owner.rpartition(".")[2]
    return kind in classes() and leads_somewhere(owner) and last in members(kind)
