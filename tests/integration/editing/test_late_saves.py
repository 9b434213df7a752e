"""A save that hangs on its way and arrives after a newer one of the same page changes nothing."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from lxml import html as lxml_html
from sqlalchemy import text
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server
from werkzeug.test import TestResponse

from lab.extensions import db
from lab.reviews.sheets import service as sheets_service
from tests.support.builders.calls import open_call
from tests.support.builders.projects import running_project
from tests.support.builders.proposals import filled_draft, submitted_proposal
from tests.support.builders.reviews import open_round, sheet_of
from tests.support.cast import Cast, person
from tests.support.client import PageClient
from tests.support.concurrency import together

# What one save after another compares is the same on both databases; what differs is how saves wait
# for each other, and that is tried on both below.
on_sqlite = pytest.mark.parametrize("both_app", ["sqlite"], indirect=True)
SCRIPT = {"Origin": "http://localhost", "Accept": "application/json"}
TAB, OTHER_TAB = "a1b2c3d4e5f6", "f6e5d4c3b2a1"


@dataclass(frozen=True)
class Form:
    """A form that is stored while it is typed: its page, one of its texts, who writes it."""

    page: str
    field: str
    writer: int
    stored: str  # SQL that reads what is stored, as text that contains what was typed


def step(cast: Cast) -> Form:
    key = filled_draft(cast, open_call(cast)).key
    page = f"/proposals/{key}/edit/background"
    return Form(page, "mode", cast.applicant, "SELECT mode FROM proposal")


def check(cast: Cast) -> Form:
    key = submitted_proposal(cast, open_call(cast)).key
    return Form(f"/checks/{key}", "reason", cast.office, "SELECT content FROM check_draft")


def sheet(cast: Cast) -> Form:
    call, (proposal, *_) = open_round(cast, 1)
    key = sheet_of(proposal, cast.reviewer).key
    sheets_service.sign_pledge(call, person(cast.reviewer))
    db.session.commit()
    return Form(f"/reviews/{key}", "comment", cast.reviewer, "SELECT max(comment) FROM score_sheet")


def grid(cast: Cast) -> Form:
    page = f"/projects/{running_project(cast).key}/indicators/entry/2022-09"
    return Form(page, "note-K01", cast.member, "SELECT note FROM entry WHERE indicator = 'K01'")


def narrative(cast: Cast) -> Form:
    page = f"/projects/{running_project(cast).key}/indicators/text/2022-09"
    return Form(page, "done", cast.member, "SELECT done FROM progress_report")


@pytest.fixture(params=[step, check, sheet, grid, narrative], ids=lambda make: make.__name__)
def form(request: pytest.FixtureRequest, both_app: Flask, both_cast: Cast) -> Form:
    with both_app.app_context():
        made: Form = request.param(both_cast)
        db.session.remove()
    return made


class Tab:
    """An open page of the form: what its controls held, where its script sends them."""

    def __init__(self, client: PageClient, form: Form, name: str = TAB) -> None:
        self.client, self.form, self.name = client, form, name
        root = lxml_html.fromstring(client.http.get(form.page).text)
        found = root.xpath("//main//form[@data-autosave]")[0]
        self.address, self.values = found.get("data-autosave"), dict(found.form_values())

    def body(self, number: int, typed: str) -> dict[str, Any]:
        return {**self.values, self.form.field: typed, "tab": f"{self.name}:{number}"}

    def send(self, number: int, typed: str) -> TestResponse:
        return self.client.http.post(self.address, data=self.body(number, typed), headers=SCRIPT)

    def save(self, number: int, typed: str) -> None:
        answer = self.send(number, typed)
        assert answer.status_code == 200 and "state" not in answer.json, answer.text
        self.values["version"] = str(answer.json["version"])


def stored(app: Flask, form: Form) -> str:
    with app.app_context():
        found = db.session.scalar(text(form.stored)) or ""
        db.session.remove()
    return found.encode().decode("unicode-escape") if "\\u" in found else found


# -- one after the other -----------------------------------------------------------------------


@on_sqlite
def test_an_older_save_of_a_page_changes_nothing(
    both_client: PageClient, both_app: Flask, form: Form
) -> None:
    tab = Tab(both_client.as_(form.writer), form)
    tab.save(2, "新写的")
    for number in (1, 2):
        late = tab.send(number, "先写的")
        assert (late.status_code, late.json["state"], late.json["number"]) == (200, "late", 2)
        assert str(late.json["version"]) == tab.values["version"], "the newer text stands"
    assert "新写的" in stored(both_app, form)
    tab.save(3, "接着写的")
    assert "接着写的" in stored(both_app, form)


@on_sqlite
def test_an_older_page_sent_by_its_button_changes_nothing_either(
    both_client: PageClient, both_app: Flask, form: Form
) -> None:
    tab = Tab(both_client.as_(form.writer), form)
    tab.save(2, "新写的")
    headers = {"Origin": "http://localhost"}
    answer = tab.client.http.post(tab.address, data=tab.body(1, "先写的"), headers=headers)
    where = answer.headers.get("Location", "")
    assert (answer.status_code, where) == (303, form.page) or answer.json["state"] == "late"
    assert "新写的" in stored(both_app, form)


@on_sqlite
def test_another_page_meets_the_usual_conflict(
    both_client: PageClient, both_app: Flask, form: Form
) -> None:
    client = both_client.as_(form.writer)
    one, two = Tab(client, form), Tab(client, form, OTHER_TAB)
    one.save(2, "一号窗口")
    answer = two.send(9, "二号窗口")
    assert (answer.status_code, answer.json["state"]) == (409, "clash")
    assert "一号窗口" in stored(both_app, form)


# -- over the wire -----------------------------------------------------------------------------


class Quiet(WSGIRequestHandler):
    """Says nothing of its requests."""

    def log(self, *_: Any) -> None:
        pass


@pytest.fixture
def server(both_app: Flask) -> Iterator[BaseWSGIServer]:
    made = make_server("127.0.0.1", 0, both_app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=made.serve_forever)
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


class Post:
    """A post whose last bytes hang until `arrive`."""

    def __init__(self, server: BaseWSGIServer, tab: Tab, body: dict[str, Any]) -> None:
        cookie = tab.client.http.get_cookie("lab")
        assert cookie is not None
        self._bytes = urlencode(body, doseq=True).encode()
        self._http = http.client.HTTPConnection("127.0.0.1", server.port, timeout=300)
        self._http.putrequest("POST", tab.address)
        for name, value in (
            ("Content-Type", "application/x-www-form-urlencoded"),
            ("Content-Length", str(len(self._bytes))),
            ("Cookie", f"lab={cookie.value}"),
            ("Accept", "application/json"),
            ("Origin", f"http://127.0.0.1:{server.port}"),
        ):
            self._http.putheader(name, value)
        self._http.endheaders(self._bytes[:-9])

    def arrive(self) -> dict[str, Any]:
        self._http.send(self._bytes[-9:])
        answer = self._http.getresponse()
        told: dict[str, Any] = json.loads(answer.read())
        self._http.close()
        return {"status": answer.status, **told}


# Once a post is whole, all forms are saved as above: one shows that posts overtake each other.
@on_sqlite
@pytest.mark.parametrize("form", [step], indirect=True, ids=["step"])
def test_a_save_that_hangs_does_not_overwrite_the_one_after_it(
    server: BaseWSGIServer, both_client: PageClient, both_app: Flask, form: Form
) -> None:
    tab = Tab(both_client.as_(form.writer), form)
    first = Post(server, tab, tab.body(1, "先写的"))
    second = Post(server, tab, tab.body(2, "新写的")).arrive()
    assert second["status"] == 200 and "state" not in second
    late = first.arrive()
    assert (late["status"], late["state"], late["version"]) == (200, "late", second["version"])
    assert "新写的" in stored(both_app, form)


def test_saves_that_wait_for_one_lock_leave_the_newest_text(
    both_client: PageClient, both_app: Flask, form: Form
) -> None:
    client = both_client.as_(form.writer)
    for turn in range(2):
        tab = Tab(client, form, f"{TAB}{turn}")
        answers = together(3, lambda number, tab=tab: tab.send(number + 1, f"写到{number + 1}"))
        assert {answer.status_code for answer in answers} == {200}
        assert "写到3" in stored(both_app, form)


def test_of_two_pages_at_once_one_is_told_of_the_other(
    both_client: PageClient, both_app: Flask, form: Form
) -> None:
    client = both_client.as_(form.writer)
    for turn in range(2):  # the first save of all, and one of a text that is there
        tabs = [Tab(client, form, f"{name}{turn}") for name in (TAB, OTHER_TAB)]
        texts = [f"一号窗口第{turn}次", f"二号窗口第{turn}次"]
        sends = [partial(tab.send, 1, typed) for tab, typed in zip(tabs, texts, strict=True)]
        answers = together(2, lambda page, sends=sends: sends[page]())
        told = {answer.json.get("state", "saved"): page for page, answer in enumerate(answers)}
        assert set(told) == {"saved", "clash"}
        assert texts[told["saved"]] in stored(both_app, form)
