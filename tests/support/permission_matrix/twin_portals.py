"""Two portals that differ only in something hidden, and all that people read in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import pysqlite3.dbapi2 as pysqlite3
from flask import Flask, g
from sqlalchemy import select

from lab import policy
from lab.extensions import db
from lab.files.models import StoredFile
from lab.policy import Actor
from lab.proposals.models.proposal import Proposal
from lab.proposals.search import index as search_index
from lab.proposals.search import similar
from lab.reports.models import Paper
from tests.support.cast import person
from tests.support.permission_matrix.crawl import Address, Answer, addresses, crawl, masked
from tests.support.permission_matrix.kept_answers import KeptAnswers
from tests.support.permission_matrix.objects import VISITORS, policy_objects
from tests.support.permission_matrix.populated_portal import (
    DatabaseSnapshots,
    PopulatedPortal,
    build,
    request_time,
)
from tests.support.permission_matrix.requests import Visitors, rules

HIDDEN = "hiddenhidden"  # in place of the key of a file that must not be seen


@dataclass(frozen=True)
class Case:
    """One kind of secret: the state of both portals, what makes each of them, who reads.

    `write(portal, side)` is called with side 0 and 1 inside an application context; what it returns
    is the key of a hidden file, "" without one. `words` are looked for in the search.
    """

    state: tuple[str, ...]
    write: Callable[[PopulatedPortal, int], str]
    readers: tuple[str, ...]
    words: tuple[str, ...] = ()
    posts: Mapping[str, tuple[tuple[str, dict[str, Any]], ...]] = field(default_factory=dict)


class TwinPortals:
    """A portal that is restored and changed for each side of a case."""

    def __init__(self, app: Flask) -> None:
        self.app, self.snapshots = app, DatabaseSnapshots(app)
        self.portal = build(app)
        self.visitors = Visitors(app, self.portal)
        with request_time():
            self.visitors.sign_in()
        self.snapshots.save("populated")
        self.answers = KeptAnswers(app)
        self.rules, self.policy_objects = rules(app), policy_objects(self.portal)
        self.addresses = addresses(self.rules, self.policy_objects)

    def both(self, case: Case) -> dict[str, tuple[dict[str, Answer], dict[str, Answer]]]:
        """Return, by reader, everything that is read in one portal and in the other."""
        first, second = (self._read(case, side) for side in (0, 1))
        return {name: (first[name], second[name]) for name in case.readers}

    def _read(self, case: Case, side: int) -> dict[str, dict[str, Answer]]:
        self._enter(case)
        with request_time():
            hidden = self._write(case, side)
            return {name: self._one(case, name, hidden) for name in case.readers}

    def _enter(self, case: Case) -> None:
        self.enter(case.state)

    def enter(self, state: Iterable[str]) -> None:
        """Restore the portal, then run these statements."""
        self.answers.leave()
        self.snapshots.restore("populated")
        self.execute(*state)

    def execute(self, *statements: str) -> None:
        """Run these statements past the services."""
        path = Path(self.app.config["INSTANCE"]) / "lab.db"
        with closing(pysqlite3.connect(path, isolation_level=None)) as connection:
            for statement in statements:
                connection.execute(statement)

    def _write(self, case: Case, side: int) -> str:
        with self.app.test_request_context("/", method="POST"):
            g.person = person(self.portal.people["applicant"])
            hidden = case.write(self.portal, side)
            db.session.commit()
            numbers = db.session.scalars(select(Proposal.id)).all()
            db.session.remove()
            search_index.rebuild()
            for number in numbers:
                similar.compare({"proposal": number})
        return hidden

    def _one(self, case: Case, name: str, hidden: str) -> dict[str, Answer]:
        visitor = self.visitors[name]
        answers = crawl(partial(self.answers.get, visitor), self._starts(case, name, hidden))
        for path, data in case.posts.get(name, ()):
            answers[f"POST {path} {data}"] = masked(visitor.send("POST", path, data))
            self.answers.leave()
        answers["papers"] = Answer(200, "", "", self._papers())
        return {_plain(path, hidden): _unnamed(answer, hidden) for path, answer in answers.items()}

    def _starts(self, case: Case, name: str, hidden: str) -> list[Address]:
        more = [f"/proposals/search?q={word}" for word in case.words]
        more += [f"/proposals?q={word}" for word in case.words]
        file = f"/proposals/{self.portal.proposal}/files/{hidden or HIDDEN}"
        more += [file, f"{file}/preview", f"{file}/preview/state", f"{file}/preview/1"]
        # What no role of the reader may do, whatever the state, is for the test of permissions.
        held = Actor(self.portal.people[name], VISITORS[name] or frozenset())
        mine = [known for known in self.addresses if _may_ever(held, known.action)]
        return [*mine, *map(Address, more)]

    def _papers(self) -> bytes:
        """What was frozen for the documents that were made for readers since."""
        with self.app.app_context():
            rows = db.session.scalars(select(Paper.snapshot).where(Paper.status == "queued"))
            text = "\n".join(sorted(rows))
            db.session.remove()
        return text.encode()


def _may_ever(reader: Actor, action: str) -> bool:
    return any(policy.holds(reader, grant.role) for grant in policy.TABLE[action])


def _plain(path: str, hidden: str) -> str:
    return path.replace(hidden, HIDDEN) if hidden else path


def _unnamed(answer: Answer, hidden: str) -> Answer:
    if not hidden:
        return answer
    return replace(answer, body=answer.body.replace(hidden.encode(), HIDDEN.encode()))


def file_key(name: str) -> str:
    """The key of the newest file of this name."""
    found = db.session.scalars(
        select(StoredFile.key).where(StoredFile.name == name).order_by(StoredFile.id.desc())
    )
    with suppress(StopIteration):
        return next(iter(found))
    return ""
