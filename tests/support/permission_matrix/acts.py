"""Every post of the portal, once carried out: by whom, in which state, with what sent along."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pysqlite3.dbapi2 as pysqlite3
from flask import Flask
from werkzeug.test import TestResponse

from lab.policy import Verdict
from tests.support import policy_table
from tests.support.permission_matrix.objects import VISITORS, PolicyObject
from tests.support.permission_matrix.requests import FormsByPage, Rule, Visitor, offered
from tests.support.permission_matrix.twin_portals import TwinPortals

# Sent by scripts while somebody types: no act of a person.
HELPS_OF_WRITING = {"editing.presence", "editing.draft"}
Counts = dict[str, int]


def row_counts(app: Flask) -> Counts:
    """The number of rows of every table."""
    path = Path(app.config["INSTANCE"]) / "lab.db"
    with closing(pysqlite3.connect(path)) as connection:
        tables = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table'"
            " AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'search_entry_%'"
        ).fetchall()
        each = (f"SELECT '{name}', count(*) FROM \"{name}\"" for (name,) in tables)
        return dict(connection.execute(" UNION ALL ".join(each)).fetchall())


def added(before: Counts, after: Counts, *, but: frozenset[str] = frozenset()) -> Counts:
    """The rows that were added or taken away, by table."""
    return {
        name: after[name] - before[name]
        for name in after
        if after[name] != before[name] and name not in but
    }


@dataclass(frozen=True)
class Act:
    """One post that a person may send: to which object, in which state, from which page."""

    rule: Rule
    obj: PolicyObject
    state: str
    visitor: str

    @property
    def path(self) -> str:
        return self.rule.path(self.obj.arguments)


@dataclass(frozen=True)
class CarriedOut:
    """An act that was just done: what was sent, the rows before and after, where it led."""

    act: Act
    values: Mapping[str, Any]
    before: Counts
    after: Counts
    status: int
    location: str


class Acts:
    """The acts of a portal, each found by trying whom the table allows it."""

    def __init__(self, portals: TwinPortals) -> None:
        self.portals = portals
        self._found: dict[str, CarriedOut] = {}
        self._addresses = portals.app.url_map.bind("localhost")
        # A state is entered from the same rows each time: its pages offer the same forms.
        self._forms: dict[tuple[str, ...], FormsByPage] = {}

    def __iter__(self) -> Iterator[CarriedOut]:
        """Every post but those of scripts; the portal is as the act has left it only once."""
        for rule in self.portals.rules:
            if rule.method != "POST" or rule.action in HELPS_OF_WRITING:
                continue
            if rule.name not in self._found:
                self._found[rule.name] = self._find(rule)
            yield self._found[rule.name]

    def enter(self, act: Act) -> None:
        """Put the object into its state; what the person's page would send is the same again."""
        self.portals.enter(act.obj.states[act.state])

    def _filled(self, act: Act) -> dict[str, Any]:
        forms = self._forms.setdefault(tuple(act.obj.states[act.state]), {})
        if not self._addresses.test(act.path, "GET"):  # nobody looks for a form there
            forms[act.visitor, act.path] = []
        values = offered(self.visitor(act), act.rule, act.obj, act.path, forms)
        return {name: _kept(value) for name, value in values.items()}

    def visitor(self, act: Act) -> Visitor:
        return self.portals.visitors[act.visitor]

    def send(self, act: Act, values: Mapping[str, Any]) -> TestResponse:
        """Send these values; files as often as wanted."""
        response = self.visitor(act).send("POST", act.path, opened(values))
        response.close()
        return response

    def count(self) -> Counts:
        return row_counts(self.portals.app)

    def _find(self, rule: Rule) -> CarriedOut:
        for act in self._allowed(rule):
            self.enter(act)
            values, before = self._filled(act), self.count()
            response = self.send(act, values)
            after = self.count()
            if response.status_code in (200, 303) and after["audit_event"] > before["audit_event"]:
                location = response.headers.get("Location", "")
                return CarriedOut(act, values, before, after, response.status_code, location)
        raise AssertionError(f"nobody could do {rule.name}")

    def _allowed(self, rule: Rule) -> Iterator[Act]:
        for obj in self.portals.policy_objects[rule.loader]:
            for state in (state for state in obj.states if state not in obj.missing_in):
                for name in (name for name in VISITORS if name != "anonymous"):
                    relations = obj.relations(name, state)
                    relations |= {"visible"} if obj.has_files else set()
                    said = policy_table.expected(rule.action, VISITORS[name], relations, state)
                    if said is Verdict.ALLOW:
                        yield Act(rule, obj, state, name)


def _kept(value: Any) -> Any:
    """A file as bytes and name, so that it can be sent again."""
    return (value[0].getvalue(), value[1]) if isinstance(value, tuple) else value


def opened(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values with their files open, as a test client takes them."""
    return {
        name: (io.BytesIO(value[0]), value[1]) if isinstance(value, tuple) else value
        for name, value in values.items()
    }
