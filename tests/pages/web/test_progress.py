"""Requests by which an open page looks after itself, and the end of a form's waiting."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
from flask import Flask

from lab import clock
from lab.identity.core.sessions import UNATTENDED
from lab.web.request.answered import COOKIE
from tests.support.cast import Cast
from tests.support.client import PageClient

NOON = datetime(2022, 7, 1, 4, tzinfo=UTC)


def test_a_page_that_draws_itself_anew_keeps_no_session_alive(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    with clock.freeze(NOON):
        idle, reader = client.as_(cast.office), client.as_(cast.office)
    answers = []
    for minutes in (20, 40):
        with clock.freeze(NOON + timedelta(minutes=minutes)):
            looked = idle.http.get("/reports/", headers={UNATTENDED: "1"})
            answers.append((looked.status_code, reader.http.get("/reports/").status_code))
    assert answers == [(200, 200), (303, 200)]


@pytest.mark.parametrize(
    ("path", "freed"), [("/units/new", True), ("/reports/new", False)], ids=["own", "another"]
)
def test_an_answer_frees_the_button_of_its_own_form(
    client: PageClient, cast: Cast, path: str, freed: bool
) -> None:
    office = client.as_(cast.office)
    office.http.set_cookie(COOKIE, f"abc.{quote(path, safe='')}")
    office.get("/units/new")
    assert office.http.get_cookie(COOKIE) is not None, "only an answer to a post"
    token = {"csrf_token": office.token()}
    office.http.post("/units/new", data=token, headers={"Origin": "http://localhost"})
    assert (office.http.get_cookie(COOKIE) is None) == freed
