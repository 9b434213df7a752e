"""A page that was read once is read again as soon as anything that it was made of changes."""

from __future__ import annotations

import pytest

from tests.support.permission_matrix.crawl import Answer
from tests.support.permission_matrix.populated_portal import request_time
from tests.support.permission_matrix.requests import Visitor
from tests.support.permission_matrix.twin_portals import TwinPortals

RETITLED = "UPDATE proposal SET title = '【演示】改名' WHERE id = (SELECT min(id) FROM proposal)"
CALENDAR, LIST = "/workdays/2031", "/proposals"


def read(twin_portals: TwinPortals, *state: str) -> dict[str, Answer]:
    twin_portals.enter(state)
    with request_time():
        office = twin_portals.visitors["office"]
        return {path: twin_portals.answers.get(office, path) for path in (CALENDAR, LIST)}


def test_only_what_read_the_same_rows_is_kept(
    twin_portals: TwinPortals, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, sent, send = read(twin_portals), list[str](), Visitor.send

    def noted(visitor: Visitor, method: str, path: str) -> object:
        sent.append(path)
        return send(visitor, method, path)

    monkeypatch.setattr(Visitor, "send", noted)
    after = read(twin_portals, RETITLED)
    assert sent == [LIST]
    assert after[CALENDAR] == before[CALENDAR]
    assert "【演示】改名".encode() in after[LIST].body
    assert "【演示】改名".encode() not in before[LIST].body
    assert read(twin_portals) == before
    assert sent == [LIST]


def test_an_answer_that_tells_of_the_audit_log_is_not_kept(twin_portals: TwinPortals) -> None:
    twin_portals.enter(())
    with request_time():
        auditor, stranger = (twin_portals.visitors[name] for name in ("audit", "stranger"))
        before = twin_portals.answers.get(auditor, "/audit")
        twin_portals.answers.get(stranger, f"/proposals/{twin_portals.portal.proposal}")
        assert twin_portals.answers.get(auditor, "/audit") != before
