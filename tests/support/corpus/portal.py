"""One of everything, everybody signed in, and the forms that its pages show."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pysqlite3.dbapi2 as pysqlite3
from flask import Flask
from werkzeug.test import TestResponse

from lab.factory import create_app
from lab.policy import Verdict
from lab.proposals.rules.form.schema import STEPS
from tests.conftest import settings_for
from tests.support import policy_table
from tests.support.corpus.cases import Case
from tests.support.corpus.forms import FormPage, text_controls, values_of
from tests.support.permission_matrix.objects import VISITORS, PolicyObject, policy_objects
from tests.support.permission_matrix.populated_portal import DatabaseSnapshots, build, request_time
from tests.support.permission_matrix.requests import (
    ORIGIN,
    TYPED,
    Rule,
    Visitor,
    Visitors,
    _forms,
    _targets,
    rules,
)


class Portal:
    """One of everything in a database of its own, and everybody signed in."""

    def __init__(self, template: Path, instance: Path) -> None:
        shutil.copy(template, instance / "lab.db")
        self.app: Flask = create_app(replace(settings_for(instance), log_level="CRITICAL"))
        self.snapshots, self.populated = DatabaseSnapshots(self.app), build(self.app)
        self.visitors = Visitors(self.app, self.populated)
        with request_time():
            self.visitors.sign_in()
        self.snapshots.save("populated")
        self.rules, self.policy_objects = rules(self.app), policy_objects(self.populated)
        self.database = instance / "lab.db"
        self._pages: dict[tuple[int, str, str, str], list[Any]] = {}
        self._entered: tuple[int, str] | None = None

    # -- finding forms -------------------------------------------------------------------------

    def forms(self, feature: str) -> Iterator[FormPage]:
        """Every different form with text controls behind the rules of a feature; the portal
        is left in the state in which the form was found."""
        mine = [r for r in self.rules if r.method == "POST" and r.endpoint.startswith(feature)]
        seen: set[tuple[Any, ...]] = set()
        self._entered = None
        for rule in mine:
            for obj in self.policy_objects.get(rule.loader, []):
                yield from self._forms_of(rule, obj, seen)

    def _forms_of(self, rule: Rule, obj: PolicyObject, seen: set[Any]) -> Iterator[FormPage]:
        for state in obj.states:
            visitor = self._who_may(rule, obj, state)
            if visitor is None or state in obj.missing_in:
                continue
            opened = list(self._open(rule, obj, state, visitor))
            found = [form for form in opened if form.controls]
            for form in found:
                mark = (form.path.rpartition("/")[2], form.controls)
                if mark not in seen:
                    seen.add(mark)
                    self.enter(obj, state)
                    yield form
                    self._entered = None
            if opened and not found:
                return  # a button without texts has none in other states either

    def _who_may(self, rule: Rule, obj: PolicyObject, state: str) -> str | None:
        for name, roles in VISITORS.items():
            relations = obj.relations(name, state)
            if policy_table.expected(rule.action, roles, relations, state) is Verdict.ALLOW:
                return name
        return None

    def _open(self, rule: Rule, obj: PolicyObject, state: str, visitor: str) -> Iterator[FormPage]:
        for arguments in _each_step(obj.arguments, rule):
            path = rule.path(arguments)
            for page in dict.fromkeys((path, *obj.pages)):
                node = _form_to(path, page, self._forms_on(page, obj, state, visitor))
                if node is not None:
                    values = {**values_of(node), **TYPED.get(rule.endpoint, {}), **self._more(rule)}
                    texts = text_controls(node)
                    yield FormPage(rule, obj, state, visitor, page, path, values, texts)
                    break

    def _more(self, rule: Rule) -> dict[str, Any]:
        """What nobody can guess from the page: rows that a person would fill in."""
        if rule.endpoint in ("indicators.save_month", "indicators.submit_month"):
            return {"value-K01": "", "value-K06": ""}  # a figure or the reason why there is none
        if not rule.endpoint.startswith("proposals."):
            return {}
        row = {"name": "评委甲", "unit": "邮储丰台支行", "reason": "曾经共事。"}
        rows = (row, {**row, "name": "评委乙"})
        return {
            f"avoided-{n}-{name}": text
            for n, each in enumerate(rows)
            for name, text in each.items()
        }

    def _forms_on(self, page: str, obj: PolicyObject, state: str, visitor: str) -> list[Any]:
        """The forms of a page in this state of the object. Many rules look for theirs on it."""
        key = (id(obj), state, visitor, page)
        if key not in self._pages:
            if self._entered != key[:2]:
                self.enter(obj, state)
                self._entered = key[:2]
            self._pages[key] = self._open_page(visitor, page)
        return self._pages[key]

    def node(self, visitor: str, page: str, path: str) -> Any:
        """The form of a page that posts to the path, as the page is now."""
        return _form_to(path, page, self._open_page(visitor, page))

    def _open_page(self, visitor: str, page: str) -> list[Any]:
        return _forms(self.visitors[visitor].send("GET", page))

    # -- the state of the portal ---------------------------------------------------------------

    def enter(self, obj: PolicyObject, state: str) -> None:
        """Restore the portal and put the object into this state."""
        self.snapshots.restore("populated")
        connection = pysqlite3.connect(self.database, isolation_level=None)
        for statement in obj.states[state]:
            connection.execute(statement)
        connection.close()
        self.snapshots.save("state")

    def changed(self) -> bool:
        """Whether anything was committed since the state was entered."""
        log = self.database.with_name("lab.db-wal")
        return log.exists() and log.stat().st_size > 0

    def texts(self) -> set[str]:
        """Every text in the database, those inside JSON as well."""
        connection = pysqlite3.connect(self.database, isolation_level=None)
        found: set[str] = set()
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        for (table,) in tables.fetchall():
            for row in connection.execute(f'SELECT * FROM "{table}"'):
                found.update(cell for cell in row if isinstance(cell, str))
        connection.close()
        return found

    # -- sending -------------------------------------------------------------------------------

    def post(self, form: FormPage, cases: Mapping[str, Case]) -> TestResponse:
        """Send the form with cases in place of what its controls hold."""
        visitor: Visitor = self.visitors[form.visitor]
        fixed = {**form.values, "csrf_token": visitor.token}
        for name in cases:
            fixed.pop(name, None)
        parts = [f"{_name(name)}={case.as_sent()}" for name, case in cases.items()]
        for name, value in fixed.items():
            for each in value if isinstance(value, list) else [value]:
                parts.append(f"{_name(name)}={Case('', str(each), '').as_sent()}")
        if visitor.cookie:
            visitor.client.http.set_cookie("lab", visitor.cookie)
        return visitor.client.http.post(
            form.path,
            data="&".join(parts),
            content_type="application/x-www-form-urlencoded",
            headers=ORIGIN,
        )


def _form_to(path: str, page: str, forms: list[Any]) -> Any:
    return next((form for form in forms if path in _targets(form, page)), None)


def _each_step(arguments: Mapping[str, str], rule: Rule) -> list[Mapping[str, str]]:
    if "<slug>" not in rule.pattern:
        return [arguments]
    return [{**arguments, "slug": step.slug} for step in STEPS]


def _name(name: str) -> str:
    return Case("", name, "").as_sent()
