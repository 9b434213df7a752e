"""A form that creates something makes one of it, sent twice, at once, or sent again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from lxml import html as lxml_html
from sqlalchemy import func, select

from lab import clock
from lab.audit.models import AuditEvent
from lab.extensions import db
from lab.identity.models.account import Unit
from lab.identity.units import service
from lab.posts import finished
from lab.posts.models import FinishedPost
from tests.support.cast import Cast
from tests.support.client import PageClient, text_of
from tests.support.concurrency import together

ORIGIN = {"Origin": "http://localhost"}
NAME = "【演示】新设支行"


@pytest.fixture
def office(both_client: PageClient, both_cast: Cast) -> PageClient:
    return both_client.as_(both_cast.office)


def filled(client: PageClient) -> dict[str, Any]:
    form = lxml_html.fromstring(client.get("/units/new").text).xpath("//main//form")[0]
    parent = form.xpath(".//select[@name='parent']/option[@value!='']/@value")
    return {**dict(form.form_values()), "name": NAME, **({"parent": parent[0]} if parent else {})}


def send(client: PageClient, values: dict[str, Any]) -> Any:
    return client.http.post("/units/new", data=values, headers=ORIGIN)


def made(app: Flask) -> tuple[int, int]:
    """How many units of the name there are, and lines about making one."""
    with app.app_context():
        units = db.session.scalar(select(func.count()).where(Unit.name.startswith(NAME)))
        by_hand = AuditEvent.action == "units.create", AuditEvent.actor_id > 0
        lines = db.session.scalar(select(func.count()).where(*by_hand))
        db.session.remove()
    return units or 0, lines or 0


def test_a_second_post_leads_where_the_first_did(both_app: Flask, office: PageClient) -> None:
    values = filled(office)
    first, second = send(office, values), send(office, values)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["Location"] == second.headers["Location"]
    assert "没有重复办理" in text_of(office.get(second.headers["Location"]))
    assert made(both_app) == (1, 1)


def test_posts_at_once_make_one(both_app: Flask, office: PageClient) -> None:
    values = filled(office)
    found = office.http.get_cookie("lab")
    assert found

    def one(_number: int) -> tuple[int, str]:
        client = both_app.test_client()
        client.set_cookie("lab", found.value)
        answer = client.post("/units/new", data=values, headers=ORIGIN)
        return answer.status_code, answer.headers.get("Location", "")

    assert set(together(4, one)) == {(303, "/units")}
    assert made(both_app) == (1, 1)


def test_what_was_changed_meanwhile_is_another_post(both_app: Flask, office: PageClient) -> None:
    values = filled(office)
    send(office, values)
    assert send(office, {**values, "name": f"{NAME}二部"}).status_code == 303
    assert made(both_app) == (2, 2)


def test_a_post_that_failed_can_be_sent_again(
    both_app: Flask, office: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = filled(office)
    create = service.create_unit

    def broken(*args: Any, **kwargs: Any) -> Any:
        create(*args, **kwargs)
        raise OSError("the disk is gone")

    with monkeypatch.context() as patched:
        patched.setattr(service, "create_unit", broken)
        assert send(office, values).status_code == 500
    assert made(both_app) == (0, 0)
    assert send(office, values).status_code == 303
    assert made(both_app) == (1, 1)


def test_a_refused_post_can_be_sent_again(both_app: Flask, office: PageClient) -> None:
    values = filled(office)
    assert send(office, {**values, "name": ""}).status_code == 422
    assert send(office, values).status_code == 303
    assert made(both_app) == (1, 1)


def test_a_key_is_nobody_elses(
    both_app: Flask, both_client: PageClient, office: PageClient, both_cast: Cast
) -> None:
    values = filled(office)
    send(office, values)
    other = both_client.as_(both_cast.office2)
    body = {**values, "csrf_token": other.token(), "typed_by": ""}
    answer = other.http.post("/units/new", data=body, headers=ORIGIN)
    assert answer.status_code == 422 and made(both_app) == (1, 1)


def test_posts_are_remembered_for_a_day(both_app: Flask, office: PageClient) -> None:
    send(office, filled(office))
    with both_app.app_context():
        finished.purge_expired()
        assert db.session.scalar(select(func.count()).select_from(FinishedPost)) == 1
        db.session.remove()
        with clock.freeze(clock.now() + timedelta(hours=25)):
            finished.purge_expired()
        assert db.session.scalar(select(func.count()).select_from(FinishedPost)) == 0
        db.session.remove()
