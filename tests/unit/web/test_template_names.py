"""A template reads what its view passes, what it sets itself and what every page has."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from inspect import getsourcefile
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from flask import Flask
from jinja2 import Environment, meta, nodes

from lab.factory import create_app
from lab.filesystem import ROOT
from tests.conftest import settings_for
from tests.support.databases.app_pool import close
from tests.support.source_code import trees_with

TEMPLATES = ROOT / "templates"
FROM_FLASK = {"current_user", "g", "request", "session"}
# Templates that are included by a name known only at run time: what extends a page's points.
INCLUDED: dict[str, tuple[str, ...]] = {
    "portfolio/pages/show.html": ("indicators/figures/_panel.html",)
}
BINDINGS = (nodes.Assign, nodes.AssignBlock, nodes.Macro, nodes.Import, nodes.FromImport)


@dataclass(frozen=True)
class Page:
    """A template as a view draws it. `modules`: the modules among the values passed."""

    view: str
    template: str
    passed: frozenset[str]
    modules: dict[str, ModuleType]


class Templates:
    """The parsed templates of the app."""

    def __init__(self, environment: Environment, on_every_page: frozenset[str]) -> None:
        self.tree: Callable[[str], nodes.Template] = cache(self._tree)
        self._read_by: Callable[[str], set[str]] = cache(self._undeclared)
        self._environment = environment
        self._on_every_page = on_every_page | frozenset(environment.globals)

    def _tree(self, name: str) -> nodes.Template:
        loader = self._environment.loader
        assert loader is not None
        return self._environment.parse(loader.get_source(self._environment, name)[0])

    def missing(self, name: str, passed: frozenset[str]) -> set[str]:
        """Names that the template, or one it stands on or includes, reads and nobody sets."""
        line = self._line(name)
        given = passed.union(*(_bound_in(self.tree(part)) for part in line))
        missing = set[str]()
        for part in line:
            needed = self._read_by(part) - _optional(self.tree(part))
            missing |= needed - given - self._on_every_page
            for included in self._included(part):
                missing |= self.missing(included, given | _bound_in_loops(self.tree(part)))
        return missing

    def read(self, name: str) -> set[str]:
        """Names that the template, or one it stands on or includes, reads without setting them."""
        return set[str]().union(*map(self._read_by, self.closure(name)))

    def closure(self, name: str) -> set[str]:
        """The template and all that it stands on or includes."""
        line = self._line(name)
        included = [child for part in line for child in self._included(part)]
        return set(line).union(*map(self.closure, included))

    def _undeclared(self, name: str) -> set[str]:
        return meta.find_undeclared_variables(self.tree(name))

    def _line(self, name: str) -> list[str]:
        """The template and those it extends."""
        parents = [_name(node.template) for node in self.tree(name).find_all(nodes.Extends)]
        return [name, *(part for parent in parents for part in self._line(parent))]

    def _included(self, name: str) -> Iterator[str]:
        for node in self.tree(name).find_all((nodes.Include, nodes.Import, nodes.FromImport)):
            if not node.with_context:
                continue
            if isinstance(node.template, nodes.Const):
                yield _name(node.template)
            else:
                yield from INCLUDED[name]


def _name(template: nodes.Expr) -> str:
    assert isinstance(template, nodes.Const)
    return str(template.value)


def _optional(tree: nodes.Template) -> set[str]:
    """Names for which the template has a default, or whose absence it asks about."""
    asked = tree.find_all((nodes.Filter, nodes.Test))
    names = [node.node for node in asked if node.name in {"default", "defined"}]
    return {name.name for name in names if isinstance(name, nodes.Name)}


def _bound(node: nodes.Node) -> set[str]:
    """Names that this node binds for what follows."""
    match node:
        case nodes.Assign() | nodes.AssignBlock():
            targets = [node.target, *node.target.find_all(nodes.Name)]
            return {target.name for target in targets if isinstance(target, nodes.Name)}
        case nodes.Macro():
            return {node.name}
        case nodes.Import():
            return {node.target}
        case nodes.FromImport():
            return {name if isinstance(name, str) else name[1] for name in node.names}
    return set()


def _bound_in(tree: nodes.Template) -> set[str]:
    return set[str]().union(*map(_bound, tree.find_all(BINDINGS)))


def _bound_in_loops(tree: nodes.Template) -> set[str]:
    """Names that only an included template sees beside the others."""
    return {node.name for node in tree.find_all(nodes.Name) if node.ctx != "load"}


def _pages() -> Iterator[Page]:
    for path, tree in trees_with("render_template("):
        name = path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".")
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "render_template":
                yield from _drawn(import_module(name), call)


def _drawn(view: ModuleType, call: ast.Call) -> Iterator[Page]:
    values = {keyword.arg or "**": keyword.value for keyword in call.keywords}
    named = {key: value.id for key, value in values.items() if isinstance(value, ast.Name)}
    passed = {key: getattr(view, name, None) for key, name in named.items()}
    modules = {key: value for key, value in passed.items() if isinstance(value, ModuleType)}
    for template in _drawn_templates(call.args[0]):
        place = f"{view.__name__}:{call.lineno} {template}"
        yield Page(place, template, frozenset(values), modules)


def _drawn_templates(name: ast.expr) -> list[str]:
    """The template of this name; the pages of a folder where only the folder is constant."""
    if isinstance(name, ast.Constant):
        return [name.value]
    assert isinstance(name, ast.JoinedStr)
    parts = [part.value if isinstance(part, ast.Constant) else "*" for part in name.values]
    paths = TEMPLATES.glob("".join(parts))
    return [
        path.relative_to(TEMPLATES).as_posix() for path in paths if not path.name.startswith("_")
    ]


def _keys_returned_by(processor: Callable[..., Any]) -> set[str]:
    """Names that a context processor gives to every page."""
    source = Path(getsourcefile(processor) or "").read_text(encoding="utf-8")
    return {
        key.value
        for function in ast.walk(ast.parse(source))
        if isinstance(function, ast.FunctionDef | ast.Lambda)
        and function.lineno == processor.__code__.co_firstlineno
        for node in ast.walk(function)
        if isinstance(node, ast.Dict)
        for key in node.keys
        if isinstance(key, ast.Constant)
    }


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Templates]:
    app: Flask = create_app(settings_for(tmp_path_factory.mktemp("templates")))
    processors = app.template_context_processors[None]
    own = [processor for processor in processors if processor.__module__.startswith("lab.")]
    given = FROM_FLASK.union(*map(_keys_returned_by, own))
    yield Templates(app.jinja_env, frozenset(given))
    close(app)


@pytest.fixture(scope="module")
def pages(templates: Templates) -> list[Page]:
    return list(_pages())


def test_a_page_is_passed_every_name_it_reads(templates: Templates, pages: list[Page]) -> None:
    missing = {page.view: templates.missing(page.template, page.passed) for page in pages}
    assert {view: names for view, names in missing.items() if names} == {}


def test_a_page_reads_every_value_it_is_passed(templates: Templates, pages: list[Page]) -> None:
    unread = {page.view: page.passed - templates.read(page.template) for page in pages}
    assert {view: names for view, names in unread.items() if names} == {}


def test_a_page_reads_what_its_modules_define(templates: Templates, pages: list[Page]) -> None:
    undefined = {
        (page.view, f"{node.node.name}.{node.attr}")
        for page in pages
        for part in templates.closure(page.template)
        for node in templates.tree(part).find_all(nodes.Getattr)
        if isinstance(node.node, nodes.Name) and node.node.name in page.modules
        if not hasattr(page.modules[node.node.name], node.attr)
    }
    assert undefined == set()


def test_macros_read_their_arguments_and_globals_only(templates: Templates) -> None:
    imported = {
        _name(node.template)
        for path in TEMPLATES.rglob("*.html")
        for node in templates.tree(path.relative_to(TEMPLATES).as_posix()).find_all(
            (nodes.Import, nodes.FromImport)
        )
        if not node.with_context
    }
    missing = {name: templates.missing(name, frozenset()) for name in imported}
    assert {name: names for name, names in missing.items() if names} == {}
