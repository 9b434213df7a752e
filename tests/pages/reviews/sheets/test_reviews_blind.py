"""Blind review: no page tells an applicant or a reviewer who (else) reviewed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextvars import Context

import pytest
from flask import Flask
from lxml import html
from sqlalchemy import select

from lab import audit, clock
from lab.extensions import db
from lab.identity.models.account import RoleGrant
from lab.reviews.models import Pledge, ScoreSheet
from lab.reviews.rules.pseudonyms import reviewer_label, shuffled
from tests.support.builders.reviews import Browser, open_round, pledge, published_decision, score
from tests.support.cast import Cast, person

CHANGING = re.compile(
    r'nonce="[^"]*"|name="(?:csrf_token|post_key)"[^>]*>|事件编号：<code>[^<]*</code>'
)


@pytest.fixture
def stopped_clock() -> Iterator[None]:
    """Pages that tell the minute read alike however long a test takes."""
    with clock.freeze(clock.now()):
        yield


@pytest.fixture
def client(ctx: Flask) -> Browser:
    return Browser(ctx)


def crawl(browser: Browser, starts: list[str]) -> dict[str, str]:
    """Every page that can be reached by links from these, without what changes by itself."""
    pages: dict[str, str] = {}
    queue = ["/", *starts]
    while queue:
        path = queue.pop(0)
        if path in pages:
            continue
        answer = browser.http.get(path)
        is_page = (answer.content_type or "").startswith("text/html")
        text = answer.text if is_page and answer.status_code == 200 else ""
        pages[path] = CHANGING.sub("", text)
        if text:
            queue += links(text)
    return pages


def links(text: str) -> list[str]:
    found = html.fromstring(text).xpath("//a/@href")
    return [
        href.partition("#")[0]
        for href in found
        if href.startswith("/") and not href.startswith(("//", "/static"))
    ]


def replace_person(cast: Cast, old: int, new: int) -> None:
    """Let `new`, of another unit and side, have done everything that `old` did in review."""
    before, after = person(old), person(new)
    after.grants.append(RoleGrant(role="reviewer"))
    after.unit_id = cast.post_other
    before.grants.clear()
    before.name = "改了名的人"
    db.session.query(ScoreSheet).filter_by(reviewer_id=old).update({"reviewer_id": new})
    db.session.query(Pledge).filter_by(reviewer_id=old).update({"reviewer_id": new})
    audit.record("people.edit", before)
    db.session.commit()


def apart(browser: Browser, starts: list[str]) -> dict[str, str]:
    db.session.rollback()
    return Context().run(crawl, browser, starts)


def test_no_page_of_an_applicant_names_a_reviewer(client: Browser, cast: Cast) -> None:
    decision, (first, second) = published_decision(cast)
    starts = [f"/proposals/{p.key}{part}" for p in (first, second) for part in ("", "/result")]
    starts += [f"/rounds/{decision.call.key}", f"/decisions/{decision.key}", "/reviews"]
    hidden = [person(who) for who in (cast.reviewer, cast.reviewer2, cast.reviewer3)]
    secrets = [word for who in hidden for word in (who.name, who.key)]
    for who in (cast.applicant, cast.leader, cast.member):
        pages = apart(client.as_(who), starts)
        read = [path for path, text in pages.items() if text]
        assert f"/proposals/{first.key}/result" in read
        for path in read:
            assert [word for word in secrets if word in pages[path]] == [], path


def test_reviewer_identity_changes_nothing_for_applicants(
    client: Browser, cast: Cast, stopped_clock: None
) -> None:
    _, (first, second) = published_decision(cast)
    starts = [f"/proposals/{p.key}{part}" for p in (first, second) for part in ("", "/result")]
    people = (cast.applicant, cast.leader, cast.member)
    before = {who: apart(client.as_(who), starts) for who in people}
    named = f"/rounds/{first.call.key}/proposals/{first.key}"
    office = client.as_(cast.office).get(named).text
    replace_person(cast, cast.reviewer, cast.stranger)
    assert CHANGING.sub("", client.as_(cast.office).get(named).text) != CHANGING.sub("", office)
    for who in people:
        after = apart(client.as_(who), starts)
        assert after.keys() == before[who].keys()
        assert [path for path in after if after[path] != before[who][path]] == []


def test_reviewer_identity_changes_nothing_for_reviewers(
    client: Browser, cast: Cast, stopped_clock: None
) -> None:
    call, (first, _) = open_round(cast)
    for who in (cast.reviewer, cast.reviewer2):
        pledge(call, who)
    score(first, cast.reviewer)
    people = (cast.reviewer2, cast.reviewer3, cast.recused)
    before = {who: apart(client.as_(who), ["/reviews"]) for who in people}
    assert any(path.startswith("/reviews/") for path in before[cast.reviewer2])
    replace_person(cast, cast.reviewer, cast.stranger)
    for who in people:
        after = apart(client.as_(who), ["/reviews"])
        assert after.keys() == before[who].keys()
        assert [path for path in after if after[path] != before[who][path]] == []


# Keys whose hashes stand in another order than the keys themselves, the reviewers, and the times.
KEYS = ("cccccccccccc", "aaaaaaaaaaaa", "bbbbbbbbbbbb")


def test_results_shuffle_submitted_comments_only(client: Browser, cast: Cast) -> None:
    _, (first, _) = published_decision(cast)
    sheets = db.session.scalars(
        select(ScoreSheet).where(ScoreSheet.proposal_id == first.id).order_by(ScoreSheet.id)
    ).all()
    for sheet, key in zip(sheets, KEYS, strict=True):
        sheet.key, sheet.comment = key, f"评语{key[0]}"
    unsent = ScoreSheet(
        **{"key": "dddddddddddd", "proposal_id": first.id, "reviewer_id": cast.recused},
        **{"assigned_by_id": cast.office, "proposal_version": 1, "comment": "评语d"},
        **{"strengths": "没有提交的优点", "problems": "没有提交的问题"},
    )
    unsent.begin()
    db.session.add(unsent)
    audit.record("review.submit", unsent)
    db.session.commit()
    page = client.as_(cast.leader).get(f"/proposals/{first.key}/result").text
    order = re.findall("评语[a-d]", page)
    assert order == [f"评语{key[0]}" for key in shuffled(KEYS)]
    assert order not in (["评语c", "评语a", "评语b"], sorted(order), sorted(order, reverse=True))
    assert "没有提交" not in page and page.index("评委一") < page.index(order[0])
    told = [*KEYS, *(person(sheet.reviewer_id).key for sheet in sheets)]
    assert [word for word in told if word in page] == []


def test_comments_keep_their_position() -> None:
    keys = ["aaaaaaaaaaaa", "bbbbbbbbbbbb", "cccccccccccc", "dddddddddddd"]
    assert shuffled(keys) == shuffled(reversed(keys))
    assert shuffled(keys) != keys
    labels = [reviewer_label(place) for place in (1, 9, 10, 11, 20, 21, 99)]
    assert labels == [
        "评委一",
        "评委九",
        "评委十",
        "评委十一",
        "评委二十",
        "评委二十一",
        "评委九十九",
    ]
