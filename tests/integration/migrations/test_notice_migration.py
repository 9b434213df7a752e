"""Notices of earlier versions, which stored paths, lead where they led."""

from __future__ import annotations

import re

from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import select, text

from lab.extensions import db
from lab.inbox.core.notices import about_of
from lab.inbox.letters import queries as letters
from lab.inbox.models.letters import Letter
from lab.inbox.models.notices import Notice
from lab.web import links
from tests.support.builders.calls import open_call
from tests.support.builders.letters import drafted
from tests.support.builders.proposals import unconfirmed_draft
from tests.support.cast import Cast
from tests.support.client import PageClient

KEY = "k2" * 6
# Every form that any version wrote.
ADDRESSES = [
    f"/calls/{KEY}",
    f"/calls/{KEY}/revisions/12",
    "/checks",
    f"/checks/{KEY}",
    f"/decisions/{KEY}",
    f"/letters/{KEY}",
    f"/projects/{KEY}",
    f"/projects/{KEY}/indicators",
    f"/projects/{KEY}/indicators/check",
    f"/projects/{KEY}/indicators/text/2022-09",
    f"/proposals?call={KEY}",
    f"/proposals/{KEY}/result",
    f"/releases/{KEY}",
    "/reviews",
    f"/reviews/{KEY}",
    f"/reviews?round={KEY}",
    f"/rounds/{KEY}",
]
OTHERS = ["/calls/new", f"/proposals/{KEY}/edit/basics", "/calls/K", "/of/before?a=1", ""]
INSERT = "INSERT INTO notice (key, person_id, text, address, at) VALUES (:k, :p, :a, :a, :at)"


def store(person_id: int, addresses: list[str]) -> None:
    with db.engine.begin() as raw:
        for number, address in enumerate(addresses):
            values = {"k": f"n{number}", "p": person_id, "a": address, "at": "2022-10-10 02:00:00"}
            raw.execute(text(INSERT), values)


def stored() -> list[tuple[str, str]]:
    with db.engine.begin() as raw:
        rows = raw.execute(text("SELECT text, address FROM notice ORDER BY id"))
        return [(row.text, row.address) for row in rows]


def test_old_notices_lead_where_they_led(both_app: Flask, both_cast: Cast) -> None:
    with both_app.app_context():
        draft = unconfirmed_draft(both_cast, open_call(both_cast))
        addresses = [*ADDRESSES, f"/proposals/{draft.key}", f"/proposals/{draft.key}/joint"]
        db.session.rollback()
        downgrade(revision="0030")
        with db.engine.begin() as raw:
            raw.execute(text("DELETE FROM notice"))
        store(both_cast.stranger, [*addresses, *OTHERS])
        before = stored()
        upgrade()
        notices = db.session.scalars(select(Notice).order_by(Notice.id)).all()
        assert [n.address for n in notices] == [""] * len(addresses) + OTHERS
        assert [links.path_to(about_of(n)) for n in notices[: len(addresses)]] == addresses
        db.session.rollback()
    page = PageClient(both_app).as_(both_cast.stranger).get("/inbox").text
    shown = re.findall('class="notice-text"><a href="([^"]+)"', page)
    assert sorted(shown) == sorted([*addresses, *filter(None, OTHERS)])
    with both_app.app_context():
        downgrade(revision="0030")
        assert stored() == before
        upgrade()


def test_old_notices_are_rewritten_however_many(both_ctx: Flask, both_cast: Cast) -> None:
    db.session.rollback()
    downgrade(revision="0030")
    store(both_cast.stranger, ["/reviews", "/of/before"] * 510)
    upgrade()
    kinds = db.session.scalars(select(Notice.about_kind).order_by(Notice.id)).all()
    assert kinds == ["Call.reviews", ""] * 510
    db.session.rollback()


def test_old_letters_lead_to_their_proposal(both_ctx: Flask, both_cast: Cast) -> None:
    draft = unconfirmed_draft(both_cast, open_call(both_cast))
    key = drafted(both_cast).key
    path = f"/proposals/{draft.key}"
    db.session.execute(text("UPDATE letter SET object_key = :key"), {"key": draft.key})
    db.session.info.clear()
    db.session.commit()
    db.session.remove()
    downgrade(revision="0030")
    with db.engine.begin() as raw:
        assert raw.scalar(text("SELECT address FROM letter")) == path
    upgrade()
    letter = db.session.scalars(select(Letter).where(Letter.key == key)).one()
    assert letters.object_path(letter) == path
    db.session.rollback()
