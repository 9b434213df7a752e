"""Every rule and method, as every person, in every state: the server does what the table by hand
says (tests/support/policy.csv), and nothing else."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pysqlite3.dbapi2 as pysqlite3
import pytest
from flask import Flask
from sqlalchemy import inspect, text

from lab.accounts import actions
from lab.extensions import db
from lab.factory import create_app
from lab.policy import TABLE, Verdict
from tests.conftest import MAIL, settings_for
from tests.support import policy_table
from tests.support.permission_matrix.objects import VISITORS, PolicyObject, policy_objects
from tests.support.permission_matrix.populated_portal import (
    DatabaseSnapshots,
    PopulatedPortal,
    build,
    request_time,
)
from tests.support.permission_matrix.requests import (
    MISSING_KEY,
    NOT_NOW,
    FormsByPage,
    Rule,
    Visitor,
    Visitors,
    fingerprint,
    offered,
    rules,
)

NOT_COUNTED = {"audit_event", "auth_session", "sign_in_failure", "alembic_version"}
# Acts that nobody needs an account for, and those that end the session they are sent with.
OPEN = {
    *("identity.sign_in", "identity.activate", "identity.forgotten", "identity.new_password"),
    "health",
}
# What a page notes by itself while somebody types: no act of a person, so no line in the log.
HELPS_OF_WRITING = {"editing.presence", "editing.draft"}
# One post for many things, each with its line.
MANY = {"role_request.decide_many", "people_import.confirm"}
# Asked about each of many things when they are decided in one post.
ASKED_AGAIN = {"role_request.decide"}


class Matrix:
    """A populated portal, its visitors, and the requests that are sent to it."""

    def __init__(self, app: Flask) -> None:
        self.app, self.snapshots = app, DatabaseSnapshots(app)
        self.portal: PopulatedPortal = build(app)
        self.visitors = Visitors(app, self.portal)
        with request_time():
            self.visitors.sign_in()
        self.snapshots.save("populated")
        self.rules = rules(app)
        self.policy_objects = policy_objects(self.portal)
        self._missing: dict[tuple[str, str], tuple[Any, ...]] = {}
        self.verdict = cache(self._verdict)
        self.forms: FormsByPage = {}  # in the state that the portal is in
        self.emptied: set[str] = set()
        self.done: set[str] = set()  # rules whose act was done at least once

    # -- putting an object into a state --------------------------------------------------------

    def enter(self, obj: PolicyObject, state: str) -> None:
        """Restore the portal and put the object into this state."""
        self.snapshots.restore("populated")
        path = Path(self.app.config["INSTANCE"]) / "lab.db"
        connection = pysqlite3.connect(path, isolation_level=None)
        for statement in obj.states[state]:
            connection.execute(statement)
        connection.close()
        self.snapshots.save("state")
        self.forms.clear()

    # -- what is expected ----------------------------------------------------------------------

    def _verdict(self, action: str, obj: PolicyObject, visitor: str, state: str) -> Verdict:
        roles, relations = VISITORS[visitor], obj.relations(visitor, state)
        if obj.has_files and self.sees(obj, visitor, state):
            relations |= {"visible"}
        return policy_table.expected(action, roles, relations, state)

    def sees(self, obj: PolicyObject, visitor: str, state: str) -> bool:
        if state in obj.missing_in:
            return False
        relations = obj.relations(visitor, state)
        said = policy_table.expected(obj.view, VISITORS[visitor], relations, state)
        return not obj.view or said is Verdict.ALLOW

    def allows(self, rule: Rule, obj: PolicyObject, visitor: str, state: str) -> bool:
        """Whether the person may do this to the object, and it is there."""
        said = self.verdict(rule.action, obj, visitor, state)
        return said is Verdict.ALLOW and state not in obj.missing_in

    # -- what is ----------------------------------------------------------------------------

    def rows(self) -> str:
        """A fingerprint of every row that a refused request may not touch."""
        digest = hashlib.sha256()
        with self.app.app_context():
            for table in sorted(set(inspect(db.engine).get_table_names()) - NOT_COUNTED):
                for row in db.session.execute(text(f'SELECT * FROM "{table}" ORDER BY 1')):
                    digest.update(repr((table, *row)).encode())
            db.session.remove()
        return digest.hexdigest()

    def missing(self, rule: Rule, obj: PolicyObject, visitor: Visitor) -> tuple[Any, ...]:
        """What the person is answered where there is nothing, asked once for each method."""
        asked = (rule.method, visitor.name)
        if asked not in self._missing:
            path = rule.path({**obj.arguments, "key": MISSING_KEY})
            self._missing[asked] = fingerprint(visitor.send(rule.method, path))
        return self._missing[asked]

    def lines(self) -> int:
        with self.app.app_context():
            count = db.session.scalar(text("SELECT count(*) FROM audit_event"))
            db.session.remove()
        return int(count or 0)


@pytest.fixture(scope="module")
def matrix(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Matrix]:
    instance = tmp_path_factory.mktemp("matrix")
    shutil.copy(sqlite_template / "lab.db", instance / "lab.db")
    app = create_app(replace(settings_for(instance, **MAIL), log_level="CRITICAL"))
    yield Matrix(app)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


class Plan:
    """Which rules to try as whom in which state of a loader's objects.

    Every page that a person may see, in each state. An act that they may do, in each state, once
    for those with the same role to whom the table says the same in all of them; the others do it in
    one state.

    A no is said by the guard, which knows of a rule no more than its action and its loader. So
    every rule is asked for it once by each role that does not see the object and once by each
    person who does; beyond that, one rule of each action in every state where another state would
    bring another answer, and one page of the loader where none would. Who has the same roles and
    relations as somebody before them is asked in one state, and told no by that page.
    """

    def __init__(self, matrix: Matrix, loader: str) -> None:
        self.matrix = matrix
        self.rules = [rule for rule in matrix.rules if rule.loader == loader]
        self.sample = min(self.rules, key=lambda rule: (rule.method != "GET", len(rule.pattern)))
        self.told: set[tuple[object, ...]] = set()
        self.questions: dict[tuple[PolicyObject, str], list[tuple[Rule, str]]] = {
            (obj, state): [] for obj in matrix.policy_objects[loader] for state in obj.states
        }
        for obj in matrix.policy_objects[loader]:
            for visitor in VISITORS:
                if visitor != "anonymous":
                    self._add(obj, visitor)

    def _add(self, obj: PolicyObject, visitor: str) -> None:
        peers = [other for other in earlier(visitor) if VISITORS[other] == VISITORS[visitor]]
        twin = any(alike(obj, visitor, peer) for peer in peers)
        best = self._best_state(obj, visitor)
        for rule in self.rules:
            said = self._row(rule, obj, visitor)
            repeated = twin or said in (self._row(rule, obj, peer) for peer in peers)
            for state in [best] if twin else obj.states:
                if self.matrix.allows(rule, obj, visitor, state):
                    asked = rule.method == "GET" or state == best or not repeated
                elif twin:
                    asked = rule == self.sample
                else:
                    asked = self._is_new_no(rule, obj, visitor, state, set(said) == {Verdict.DENY})
                if asked:
                    self.questions[obj, state].append((rule, visitor))

    def _row(self, rule: Rule, obj: PolicyObject, visitor: str) -> list[Verdict]:
        return [self.matrix.verdict(rule.action, obj, visitor, state) for state in obj.states]

    def _is_new_no(
        self, rule: Rule, obj: PolicyObject, visitor: str, state: str, fixed: bool
    ) -> bool:
        """Whether the no differs from those that this person was told; `fixed`: in all states."""
        hidden = not self.matrix.sees(obj, visitor, state)
        who: object = VISITORS[visitor] if fixed and hidden else visitor
        where = () if fixed and hidden else (obj,) if fixed else (obj, state)
        by_rule, by_action = (who, rule.name), (who, rule.action, *where)
        new = fixed and hidden and rule == self.sample
        new |= not {by_rule, by_action} <= self.told
        self.told |= {by_rule, by_action}
        return new

    def _best_state(self, obj: PolicyObject, visitor: str) -> str:
        """The first one in which the person sees the object, or at least the first there is."""
        there = [state for state in obj.states if state not in obj.missing_in]
        return next((s for s in there if self.matrix.sees(obj, visitor, s)), there[0])


def earlier(visitor: str) -> list[str]:
    names = list(VISITORS)
    return names[: names.index(visitor)]


def alike(obj: PolicyObject, one: str, other: str) -> bool:
    """Whether two people have the same roles and relations to the object, whatever its state."""
    same = all(obj.relations(one, state) == obj.relations(other, state) for state in obj.states)
    return same and VISITORS[one] == VISITORS[other]


def ailing(rule: Rule) -> tuple[int, ...]:
    """Here no worker runs, and monitoring is told so."""
    return (503,) if rule.action == "health" else ()


def check_anonymous(rule: Rule, visitor: Visitor, path: str) -> str:
    answer = visitor.send(rule.method, path)
    if rule.action in OPEN:
        return "" if answer.status_code in (200, 422, *ailing(rule)) else f"{answer.status_code}"
    if rule.method == "GET":
        sent = answer.status_code == 303 and answer.headers["Location"].startswith("/sign-in")
        return "" if sent else f"{answer.status_code} instead of the sign-in page"
    return "" if answer.status_code == 401 else f"{answer.status_code} instead of 401"


def check_refused(
    matrix: Matrix, rule: Rule, obj: PolicyObject, visitor: Visitor, state: str
) -> str:
    """What is wrong with the answer to an act that must not be done; "" when nothing is."""
    path, seen = rule.path(obj.arguments), matrix.sees(obj, visitor.name, state)
    said = matrix.verdict(rule.action, obj, visitor.name, state)
    wanted = (409 if said is Verdict.STATE else 403) if seen else 404
    answer = visitor.send(rule.method, path)
    if answer.status_code != wanted:
        return f"{answer.status_code}, not {wanted}"
    if wanted == 409 and NOT_NOW not in answer.text:
        return "409 for another reason"
    if wanted != 404 or "key" not in obj.arguments:
        return ""
    same = matrix.missing(rule, obj, visitor) == fingerprint(answer)
    return "" if same else "the answer differs from that for a missing object"


def check_allowed(matrix: Matrix, rule: Rule, obj: PolicyObject, visitor: Visitor) -> str:
    path = rule.path(obj.arguments)
    if rule.method == "GET":
        answer = visitor.send("GET", path)
        answer.close()
        status = answer.status_code
        good = status in (200, *ailing(rule)) or 300 <= status < 400
        return "" if good else f"{answer.status_code} for an allowed page"
    if fault := check_empty(matrix, rule, visitor, path):
        return fault
    data = offered(visitor, rule, obj, path, matrix.forms)
    before = matrix.lines()
    answer = visitor.send(rule.method, path, data)
    not_now = answer.status_code == 409 and NOT_NOW in answer.text
    answer.close()
    added = matrix.lines() - before
    matrix.snapshots.restore("state")
    return judge_write(matrix, rule, answer.status_code, added, not_now)


def check_empty(matrix: Matrix, rule: Rule, visitor: Visitor, path: str) -> str:
    """A post that carries nothing but its token is answered in words; tried once for each rule."""
    if rule.name in matrix.emptied:
        return ""
    matrix.emptied.add(rule.name)
    answer = visitor.send(rule.method, path)
    answer.close()
    matrix.snapshots.restore("state")
    return "" if answer.status_code < 500 else f"{answer.status_code} for an empty post"


def judge_write(matrix: Matrix, rule: Rule, status: int, added: int, not_now: bool) -> str:
    if status in (200, 303):
        matrix.done.add(rule.name)
        wanted = 0 if rule.action in HELPS_OF_WRITING else 1
        fits = added == wanted or (added > wanted and rule.action in MANY)
        return "" if fits else f"{added} audit lines for one act"
    if status not in (400, 409, 413, 422) or not_now:
        return f"{status} for an allowed act"
    return "" if added <= 1 else f"{added} audit lines for an act that was not done"


LOADERS = (
    *("calls.access.load_call", "calls.access.load_attached"),
    *("calls.deadlines.access.load_code", "calls.notice.access.load_revision"),
    *("reviews.access.load_round", "reviews.access.load_reminder", "reviews.access.load_entry"),
    *("reviews.access.load_office_sheet", "reviews.sheets.access.load_own_sheet"),
    *("reviews.sheets.access.load_own_file", "reviews.sheets.access.load_pledge"),
    *("decisions.access.load_ranking", "decisions.access.load_decision"),
    "decisions.access.load_reviewed_call",
    *("proposals.access.load_proposal", "proposals.access.load_version"),
    *("proposals.bulk_import.access.load_import", "importing.matching.access.load_upload"),
    *("proposals.access.load_file", "portfolio.access.load_project"),
    *("indicators.access.load_project_figures", "indicators.access.load_month"),
    *("indicators.access.load_entry", "scenarios.access.load_project_scenarios"),
    *("scenarios.access.load_scenario", "scenarios.access.load_merchant"),
    *("identity.access.load_person", "identity.access.load_unit"),
    *("inbox.notices.access.load_own", "reports.leading.access.load_report"),
    *("inbox.letters.access.load_letter", "inbox.letters.access.load_addressed"),
    *("releases.access.load_release", "reports.proposal_documents.access.load_document", ""),
    *("workdays.access.load_day", "workdays.access.load_year"),
    *("handover.access.load_giver", "handover.access.load_handover"),
    "enrolment.access.load_import",
)


@pytest.mark.parametrize("loader", LOADERS, ids=lambda name: name or "no object")
def test_each_person_may_do_what_the_table_says_and_nothing_else(
    matrix: Matrix, loader: str
) -> None:
    wrong: list[str] = []
    with request_time():
        for (obj, state), asked in Plan(matrix, loader).questions.items():
            matrix.enter(obj, state)
            allowed, refused = [], []
            for rule, name in asked:
                yes = matrix.allows(rule, obj, name, state)
                (allowed if yes else refused).append((rule, name))
            before = matrix.rows()
            for rule, name in refused:
                visitor = matrix.visitors[name]
                if fault := check_refused(matrix, rule, obj, visitor, state):
                    wrong.append(f"{rule.name} as {name} in {state or '-'}: {fault}")
            if matrix.rows() != before:
                wrong.append(f"{loader} in {state or '-'}: a refused request changed a row")
            for rule, name in allowed:
                visitor = matrix.visitors[name]
                if fault := check_allowed(matrix, rule, obj, visitor):
                    wrong.append(f"{rule.name} as {name} in {state or '-'}: {fault}")
    undone = [
        rule.name for rule in matrix.rules if rule.loader == loader and rule.is_undone(matrix.done)
    ]
    assert (wrong, undone) == ([], [])


def test_nobody_gets_anywhere_without_signing_in(matrix: Matrix) -> None:
    wrong = []
    with request_time():
        for rule in matrix.rules:
            obj = matrix.policy_objects[rule.loader][0]
            path = rule.path(obj.arguments)
            if fault := check_anonymous(rule, matrix.visitors["anonymous"], path):
                wrong.append(f"{rule.name}: {fault}")
    assert wrong == []


def test_every_rule_declares_an_action_of_the_table(matrix: Matrix) -> None:
    undeclared = [rule.name for rule in matrix.rules if rule.action not in TABLE]
    assert undeclared == []


def test_every_address_asks_for_its_own_action(matrix: Matrix) -> None:
    declared = {rule.name: rule.action for rule in matrix.rules}
    assert declared == policy_table.actions_by_address()


def test_every_action_of_the_table_has_an_address(matrix: Matrix) -> None:
    used = {rule.action for rule in matrix.rules}
    # Who may release which act: asked by the page of a request, whose own action is release.decide.
    kinds = {action.policy_action for action in actions.ACTIONS}
    assert set(TABLE) - used == {"static"} | ASKED_AGAIN | kinds


def test_every_loader_is_asked_about(matrix: Matrix) -> None:
    assert {rule.loader for rule in matrix.rules} == set(LOADERS) == set(matrix.policy_objects)
