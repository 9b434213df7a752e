"""A refused post is answered by an address: Back and a reload show it, and post nothing again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from lxml import html as lxml_html
from sqlalchemy import delete, func, select, text, update

from lab import audit, clock
from lab.extensions import db
from lab.identity.models.account import AuthSession, RoleGrant, Unit
from lab.posts import kept_pages
from lab.posts.models import KeptPage
from lab.proposals.models.proposal import Proposal, ProposalPerson
from tests.support.builders.calls import open_call
from tests.support.builders.proposals import filled_draft
from tests.support.cast import PASSWORD, Cast
from tests.support.client import PageClient, check_page, text_of

BROWSER = {"Origin": "http://localhost", "Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
NAME = "一个很长的单位名称" * 9


def post(client: PageClient, path: str, data: dict[str, Any]) -> str:
    """Post as a browser does; return the address of the answer."""
    body = {"csrf_token": client.token(), **data}
    answer = client.http.post(path, data=body, headers=BROWSER)
    assert answer.status_code == 303, answer.text[:300]
    return answer.headers["Location"]


def kept(app: Flask) -> int:
    with app.app_context():
        count = db.session.scalar(select(func.count()).select_from(KeptPage))
        db.session.remove()
    return count or 0


def shown_version(client: PageClient, path: str) -> str:
    page = lxml_html.fromstring(client.get(path).text)
    return str(page.xpath("//main//*[@name='version']")[0].value)


@pytest.fixture
def office(client: PageClient, cast: Cast) -> PageClient:
    return client.as_(cast.office)


def test_a_refused_form_stands_at_an_address(app: Flask, office: PageClient) -> None:
    address = post(office, "/units/new", {"name": NAME, "side": "post"})
    assert address.startswith("/units/new?answer=")
    for _look in range(3):
        page = office.get(address, status=422)
        assert NAME in page.text and "最多" in text_of(page)
        policy = page.headers["Content-Security-Policy"]
        nonce = policy.partition("'nonce-")[2].partition("'")[0]
        assert f'nonce="{nonce}"' in page.text
    with app.app_context():
        assert db.session.scalar(select(Unit).where(Unit.name == NAME)) is None
        assert NAME not in "".join(db.session.scalars(select(KeptPage.sealed)))
        db.session.remove()
    again = office.http.post(address, data={"csrf_token": office.token()}, headers=BROWSER)
    assert again.headers["Location"].count("answer=") == 1


def test_a_refused_button_stands_at_an_address(office: PageClient) -> None:
    address = post(office, "/letters/send", {})
    office.get(address, status=409 if "answer=" in address else 200)


def test_scripts_and_programs_get_the_page_itself(app: Flask, office: PageClient) -> None:
    office.post("/units/new", {"name": NAME}, status=422)
    assert kept(app) == 0


def test_nobody_else_sees_a_kept_page(client: PageClient, office: PageClient, cast: Cast) -> None:
    address = post(office, "/units/new", {"name": NAME, "side": "post"})
    for other in (client, client.as_(cast.office), client.as_(cast.leader)):
        answer = other.http.get(address)
        assert answer.status_code == 303 and NAME not in answer.text
    office.post("/sign-out")
    assert office.http.get(address).status_code == 303
    page = office.http.get("/sign-in")
    assert NAME not in page.text


def test_a_kept_page_stands_at_no_other_address(office: PageClient) -> None:
    address = post(office, "/units/new", {"name": NAME, "side": "post"})
    key = address.partition("?")[2]
    assert NAME not in office.http.get(f"/people/new?{key}", follow_redirects=True).text
    assert NAME in office.get(address, status=422).text


def test_an_old_answer_leads_to_the_page_as_it_is_now(app: Flask, office: PageClient) -> None:
    address = post(office, "/units/new", {"name": NAME, "side": "post"})
    button = post(office, "/people/zzzzzzzzzzzz/enable", {})
    with clock.freeze(clock.now() + timedelta(minutes=31)), app.app_context():
        kept_pages.purge_expired()
    assert kept(app) == 0
    assert office.http.get(address).headers["Location"] == "/units/new"
    assert "已不再保留" in office.get("/units/new").text
    assert office.http.get(button).headers["Location"] == "/"


def test_who_may_no_longer_act_sees_no_kept_page(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    """The role is taken away within the half hour for which a page is kept."""
    office = client.as_(cast.office2)
    address = post(office, "/units/new", {"name": NAME, "side": "post"})
    with app.app_context():
        audit.record("people.edit")
        db.session.execute(delete(RoleGrant).where(RoleGrant.person_id == cast.office2))
        db.session.commit()
        db.session.remove()
    answer = office.http.get(address)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/units/new")
    assert NAME not in answer.text


def test_who_left_a_proposal_sees_no_kept_page_of_it(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    with app.app_context():
        proposal = filled_draft(cast, open_call(cast))
        path = f"/proposals/{proposal.key}/edit/background"
        db.session.remove()
    leader = client.as_(cast.leader)
    typed = {"version": shown_version(leader, path), "mode": "甲" * 3000}
    address = post(leader, path, typed)
    with app.app_context():
        audit.record("proposal.save")
        db.session.execute(update(Proposal).values(leader_id=None))
        db.session.execute(delete(ProposalPerson))
        db.session.commit()
        db.session.remove()
    assert leader.http.get(address).status_code == 303


def test_a_state_that_changed_takes_no_typed_text_away(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    """The form could not be sent any more, but its writer still sees the object."""
    with app.app_context():
        key = filled_draft(cast, open_call(cast)).key
        db.session.remove()
    owner, path = client.as_(cast.applicant), f"/proposals/{key}/edit/background"
    written = dict(
        lxml_html.fromstring(owner.get(path).text).xpath("//main//form")[0].form_values()
    )
    too_long = {**written, "mode": "甲" * 3000}
    address = post(owner, path, too_long)
    owner.submit(path, {"mode": written["mode"]})
    owner.submit(f"/proposals/{key}/submit", {"pledge": "1"})
    assert owner.http.get(path).status_code == 409
    assert too_long["mode"] in owner.get(address, status=422).text


def test_a_browser_keeps_its_newest_answers(app: Flask, office: PageClient) -> None:
    for _ in range(kept_pages.MOST_OF_A_BROWSER + 3):
        last = post(office, "/units/new", {"name": NAME})
    assert kept(app) == kept_pages.MOST_OF_A_BROWSER
    office.get(last, status=422)


def test_a_mistyped_password_stands_at_an_address(client: PageClient, cast: Cast) -> None:
    address = post(client, "/sign-in?next=/calls", {"name": "office", "password": "typo"})
    assert address.startswith("/sign-in?next=%2Fcalls&answer=")
    assert "登录名或密码不对" in text_of(client.get(address, status=422))
    form = {"name": "office", "password": PASSWORD}
    assert client.resubmit(client.get(address, 422), address, form).headers["Location"] == "/calls"


def test_strangers_fill_no_table(
    client: PageClient, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_pages, "MOST_OF_NOBODY", 2)
    body = {"name": "nobody", "password": ""}
    post(client, "/sign-in", body)
    post(client, "/sign-in", body)
    body["csrf_token"] = client.token()
    assert client.http.post("/sign-in", data=body, headers=BROWSER).status_code == 422
    assert kept(app) == 2


def test_where_nothing_can_be_kept_the_page_is_the_answer(app: Flask, office: PageClient) -> None:
    with app.app_context():
        db.session.execute(text("DROP TABLE kept_page"))
        db.session.commit()
        db.session.remove()
    body = {"csrf_token": office.token(), "name": NAME}
    answer = office.http.post("/units/new", data=body, headers=BROWSER)
    assert answer.status_code == 422 and NAME in answer.text


def test_text_over_an_expired_sign_in_stands_at_an_address(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    with app.app_context():
        key = filled_draft(cast, open_call(cast)).key
        db.session.remove()
    mine = client.as_(cast.applicant)
    mine.get("/account/password")
    mine.http.post("/sign-out", data={"csrf_token": mine.token()}, headers=BROWSER)
    path = f"/proposals/{key}/edit/background"
    page = mine.get(post(mine, path, {"background": "写了一小时的背景"}), status=401)
    assert "写了一小时的背景" in page.text
    address = f"/sign-in?resume={path}"
    carried = {"kept-background": "写了一小时的背景", "name": "applicant"}
    page = mine.get(post(mine, address, {**carried, "password": "typo"}), status=422)
    assert "写了一小时的背景" in page.text
    theirs = {"kept-typed_by": "nobody", "name": "applicant", "password": PASSWORD}
    page = mine.get(post(mine, address, {**carried, **theirs}), status=200)
    assert "不是填写人本人" in page.text and "写了一小时的背景" in page.text
    page = mine.get(post(mine, address, {**carried, "password": PASSWORD}), status=200)
    assert "写了一小时的背景" in page.text and "继续提交" in page.text
    check_page(page)


def expire_sessions(app: Flask) -> None:
    with app.app_context():
        db.session.rollback()
        with db.engine.begin() as raw:
            raw.execute(update(AuthSession).values(ended_at=clock.now()))


def sign_in(client: PageClient, name: str) -> None:
    values = {"name": name, "password": PASSWORD}
    assert client.resubmit(client.get("/sign-in"), "/sign-in", values).status_code == 303


def test_a_sign_in_in_another_window_takes_no_kept_text(app: Flask, office: PageClient) -> None:
    refused = post(office, "/units/new", {"name": NAME, "side": "post"})
    office.get("/units/new")
    expire_sessions(app)
    expired = post(office, "/units/new", {"name": NAME + "二"})
    assert NAME + "二" in office.get(expired, status=401).text
    sign_in(office, "office")
    assert NAME in office.get(refused, status=422).text
    page = office.get(expired, status=401)
    assert NAME + "二" in page.text and "登录并继续" in page.text


def test_kept_text_is_carried_to_nobody_else(app: Flask, office: PageClient) -> None:
    refused = post(office, "/units/new", {"name": NAME, "side": "post"})
    office.get("/units/new")
    expire_sessions(app)
    expired = post(office, "/units/new", {"name": NAME})
    sign_in(office, "applicant")
    for address in (refused, expired):
        assert NAME not in office.http.get(address, follow_redirects=True).text


def test_a_second_look_at_a_saved_draft_finds_its_plain_page(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    with app.app_context():
        proposal = filled_draft(cast, open_call(cast))
        key, version = proposal.key, proposal.version
        db.session.remove()
    mine, path = client.as_(cast.applicant), f"/proposals/{key}/edit/background"
    page = mine.get(path)
    values = form_values(page)
    values |= {"version": str(version), "background": "很长" * 4000}
    address = post(mine, path, values)
    assert "很长" * 4000 in mine.get(address, status=422).text
    assert mine.http.get(address).headers["Location"] == path
    assert "很长" * 4000 in mine.get(path).text


def form_values(page: Any) -> dict[str, Any]:
    form = lxml_html.fromstring(page.text).xpath("//main//form[@method='post']")[0]
    return dict(form.form_values())
