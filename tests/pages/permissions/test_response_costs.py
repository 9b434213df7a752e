"""Whether something is hidden or not there cannot be told from the time of the answer."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median
from time import perf_counter

import pytest
from sqlalchemy import event

from lab.extensions import db
from tests.support.permission_matrix.crawl import masked
from tests.support.permission_matrix.populated_portal import request_time
from tests.support.permission_matrix.requests import MISSING_KEY, Visitor
from tests.support.permission_matrix.twin_portals import TwinPortals

TIMES, TRIES = 60, 15
MOST_MS, MOST_SHARE = 2.0, 0.10


@pytest.fixture(name="twin_portals")
def entered_portals(twin_portals: TwinPortals) -> Iterator[TwinPortals]:
    twin_portals.enter(())
    with request_time():
        yield twin_portals


def hidden_from(twin_portals: TwinPortals, name: str) -> list[tuple[str, str]]:
    """(address, the same of something missing) of what this person may not see, one a loader."""
    visitor, found, tried = twin_portals.visitors[name], [], set()
    for rule in twin_portals.rules:
        for obj in twin_portals.policy_objects[rule.loader][:1]:
            if rule.method != "GET" or "key" not in obj.arguments or rule.loader in tried:
                continue
            tried.add(rule.loader)
            path = rule.path(obj.arguments)
            if masked(visitor.send("GET", path)).status == 404:
                found.append((path, rule.path({**obj.arguments, "key": MISSING_KEY})))
    return found


def statements(twin_portals: TwinPortals, visitor: Visitor, path: str) -> list[str]:
    """Every statement of one request by its first words, begins and commits included."""
    told: list[str] = []
    with twin_portals.app.app_context():
        engine = db.engine

    def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        told.append(" ".join(statement.split()[:2]))

    def commit(_conn: object) -> None:
        told.append("COMMIT")

    event.listen(engine, "before_cursor_execute", note)
    event.listen(engine, "commit", commit)
    try:
        assert visitor.send("GET", path).status_code == 404
    finally:
        event.remove(engine, "before_cursor_execute", note)
        event.remove(engine, "commit", commit)
    return sorted(told)


@pytest.mark.parametrize("name", ["stranger", "recused"])
def test_hidden_and_missing_take_the_same_statements(twin_portals: TwinPortals, name: str) -> None:
    visitor, wrong, pairs = twin_portals.visitors[name], [], hidden_from(twin_portals, name)
    for path, missing in pairs:
        statements(twin_portals, visitor, path)  # whatever a first request does once
        one, other = (statements(twin_portals, visitor, asked) for asked in (path, missing))
        if one != other:
            wrong.append(f"{path}: {len(one)}, {len(other)} when missing")
    assert wrong == []
    assert len(pairs) > 5
    assert "INSERT INTO" in one and "COMMIT" in one  # the refusal is noted either way


def timed(visitor: Visitor, path: str) -> float:
    start = perf_counter()
    assert visitor.send("GET", path).status_code == 404
    return (perf_counter() - start) * 1000


def test_hidden_and_missing_take_the_same_time(twin_portals: TwinPortals) -> None:
    """Medians of requests one after the other in turn; of more and more on a busy machine, where a
    real difference stays and an accidental one goes."""
    visitor = twin_portals.visitors["stranger"]
    path = f"/proposals/{twin_portals.portal.proposal}"
    missing = f"/proposals/{MISSING_KEY}"
    for _ in range(20):
        timed(visitor, path), timed(visitor, missing)
    told, pairs = [], list[tuple[float, float]]()
    for _ in range(TRIES):
        pairs += [(timed(visitor, path), timed(visitor, missing)) for _ in range(TIMES)]
        one, other = (median(values) for values in zip(*pairs, strict=True))
        told.append((round(one, 2), round(other, 2)))
        if abs(one - other) <= min(MOST_MS, MOST_SHARE * max(one, other)):
            return
    pytest.fail(f"medians in ms, hidden and missing: {told}")
