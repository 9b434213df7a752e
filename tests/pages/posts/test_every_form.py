"""Every form of the portal: sent twice it acts once, and what was typed outlives the sign-in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest
from lxml import html as lxml_html
from werkzeug.test import TestResponse

from lab import clock
from lab.extensions import db
from lab.web.request.resume_token import TOKEN_SECONDS
from tests.support.cast import PASSWORD, person
from tests.support.client import PageClient
from tests.support.concurrency import together
from tests.support.permission_matrix.acts import Act, Acts, CarriedOut, added, opened
from tests.support.permission_matrix.populated_portal import NOW, request_time
from tests.support.permission_matrix.requests import ORIGIN, Visitor
from tests.support.permission_matrix.twin_portals import TwinPortals

# Messages, histories and what is made from other rows: nobody asks for them by a form.
NOT_CREATED = frozenset(
    {
        *("audit_event", "finished_post", "kept_page", "notice", "job", "editor_tab"),
        *("auth_session", "sign_in_failure", "password_history", "proposal_draft_snapshot"),
        *("project_state", "entry_event", "light_override", "state_tally"),
        *("search_words", "search_words_data", "search_words_idx", "search_words_docsize"),
    }
)
# Saves of a page are numbered instead, and uploads have a name of their own.
SAVED_WHILE_TYPED = {
    *("checks.draft", "proposals.autosave", "indicators.save_narrative"),
    "proposals.attach",
}


# Done without a sign-in, or ended with it.
WITHOUT_SIGN_IN = {
    *("identity.do_sign_in", "identity.sign_out", "identity.ask_link"),
    *("identity.choose_password", "identity.confirm_address", "identity.do_activate"),
}
# Every session is over; no password is so old that it has to be changed first.
ENDED = (
    "UPDATE auth_session SET ended_at = '2022-10-01 00:00:00'",
    "UPDATE person SET password_at = '2022-10-01 00:00:00'",
)
SECRETS = {"password", "new_password", "repeat_password", "code"}


@pytest.fixture(scope="module")
def acts(twin_portals: TwinPortals) -> Acts:
    return Acts(twin_portals)


def test_every_form_sent_twice_acts_once(acts: Acts) -> None:
    wrong: list[str] = []
    with request_time():
        for done in acts:
            if fault := twice(acts, done):
                wrong.append(f"{done.act.rule.name} {done.act.rule.endpoint}: {fault}")
    assert wrong == []


def twice(acts: Acts, done: CarriedOut) -> str:
    """What is wrong when the same form is sent again; "" when nothing is."""
    second = acts.send(done.act, done.values)
    again = added(done.after, acts.count(), but=NOT_CREATED - {"notice", "job"})
    if again:
        return f"the second post added {again}"
    if not creates(done) or done.act.rule.endpoint in SAVED_WHILE_TYPED:
        return ""
    same = second.status_code == 303 and second.headers["Location"] == done.location
    return "" if same else f"{second.status} for what the first post created"


def creates(done: CarriedOut) -> bool:
    created = added(done.before, done.after, but=NOT_CREATED)
    return any(number > 0 for number in created.values())


def test_every_form_sent_twice_at_once_creates_one(acts: Acts) -> None:
    wrong: list[str] = []
    with request_time():
        for done in acts:
            if creates(done) and done.act.rule.endpoint not in SAVED_WHILE_TYPED:
                wrong += at_once(acts, done)
    assert wrong == []


def at_once(acts: Acts, done: CarriedOut) -> list[str]:
    """What is wrong when a form is sent twice at the same moment."""
    act, visitor = done.act, acts.visitor(done.act)
    acts.enter(act)
    before = acts.count()

    def send(_number: int) -> tuple[int, str]:
        client = PageClient(acts.portals.app)
        twin = Visitor(visitor.name, client, visitor.token, visitor.cookie)
        answer = twin.send("POST", act.path, opened(done.values))
        answer.close()
        return answer.status_code, answer.headers.get("Location", "")

    answers = together(2, send)
    wanted = added(done.before, done.after, but=NOT_CREATED)
    made = added(before, acts.count(), but=NOT_CREATED)
    where = f"{act.rule.name} {act.rule.endpoint}"
    faults = [] if made == wanted else [f"{where}: {made} instead of {wanted}"]
    if {status for status, _ in answers} != {303} or len({path for _, path in answers}) != 1:
        faults.append(f"{where}: {answers}")
    return faults


def test_what_was_typed_outlives_the_sign_in_on_every_form(acts: Acts) -> None:
    wrong: list[str] = []
    with request_time():
        for done in acts:
            if done.act.rule.endpoint not in WITHOUT_SIGN_IN:
                wrong += [f"{done.act.rule.name}: {fault}" for fault in resumed(acts, done)]
    assert wrong == []


def resumed(acts: Acts, done: CarriedOut) -> Iterator[str]:
    """What is wrong when a form is sent after the sign-in has ended."""
    acts.enter(done.act)
    browser, values = Browser(acts, done.act), done.values
    before = acts.count()
    acts.portals.execute(*ENDED)
    page = browser.post(done.act.path, {**values, "csrf_token": browser.token})
    statuses = [page.status_code]
    for password in ("typo", PASSWORD):
        if missing := lost(page, values):
            yield f"not kept after {statuses}: {missing}"
        page = browser.press(page, name=browser.name, password=password)
        statuses.append(page.status_code)
    if statuses != [401, 422, 200] or lost(page, values):
        yield f"{statuses}, {lost(page, values)}"
        return
    answer = browser.press(page)
    made = added(before, acts.count(), but=NOT_CREATED)
    if SECRETS & values.keys() or any(isinstance(value, tuple) for value in values.values()):
        if answer.status_code not in (303, 422):  # they have to be given again
            yield f"{answer.status} for a form without its file or password"
    elif (answer.status_code, made) != (
        done.status,
        added(done.before, done.after, but=NOT_CREATED),
    ):
        yield f"{answer.status}, made {made} "


def lost(page: TestResponse, values: Mapping[str, Any]) -> set[str]:
    """The names of what a page that carries a post on does not carry."""
    root = lxml_html.fromstring(page.text)
    carried = {
        (field.get("name").removeprefix("kept-"), field.text.removeprefix("\n"))
        for field in root.xpath("//textarea[@name]")
    }
    return {
        name
        for name, value in values.items()
        for text in (value if isinstance(value, list) else [value])
        if isinstance(text, str) and name not in SECRETS and (name, lines(text)) not in carried
    }


def lines(text: str) -> str:
    return text.replace("\r\n", "\n")


class Browser:
    """The browser of the person who typed, with their name and the token of their page."""

    def __init__(self, acts: Acts, act: Act) -> None:
        visitor = acts.visitor(act)
        self.http, self.token = visitor.client.http, visitor.token
        self.http.set_cookie("lab", visitor.cookie)
        with acts.portals.app.app_context():
            self.name = person(acts.portals.portal.people[act.visitor]).sign_in_name
            db.session.remove()

    def post(self, path: str, values: Mapping[str, Any]) -> TestResponse:
        answer = self.http.post(path, data=opened(values), headers=ORIGIN)
        answer.close()
        return answer

    def press(self, page: TestResponse, **more: str) -> TestResponse:
        """Press the button of a page that carries a post on."""
        form = lxml_html.fromstring(page.text).xpath("//main//form")[0]
        values: dict[str, Any] = {}
        for name, value in form.form_values():
            values.setdefault(name, []).append(str(value).removeprefix("\n"))
        if form.get("enctype"):
            values["none"] = (b"", "")
        return self.post(form.get("action"), {**values, **more})


# -- orders in which people come back ----------------------------------------------------------

# A call's notice, a score sheet, monthly figures and words, a role, a return with its reason, a
# letter, a formality check, a proposal's step, a project's texts.
LONG_FORMS = (
    *("/calls/<key>/publish", "/calls/<key>/edit", "/reviews/<key>", "/people/<key>/roles"),
    *("/projects/<key>/indicators/entry/<period>", "/projects/<key>/indicators/text/<period>"),
    *("/projects/<key>/indicators/text/<period>/return", "/sheets/<key>/return"),
    *("/letters/<key>/edit", "/checks/<key>", "/proposals/<key>/joint/return"),
)


@pytest.fixture(scope="module")
def long_forms(acts: Acts) -> list[CarriedOut]:
    with request_time():
        return [done for done in acts if done.act.rule.pattern in LONG_FORMS]


def ended(acts: Acts, done: CarriedOut) -> tuple[Browser, TestResponse]:
    """The form is sent after the sign-in has ended; the page that asks for the password."""
    acts.enter(done.act)
    browser = Browser(acts, done.act)
    acts.portals.execute(*ENDED)
    page = browser.post(done.act.path, {**done.values, "csrf_token": browser.token})
    assert page.status_code == 401
    return browser, page


def test_the_forms_of_the_orders_are_there(long_forms: list[CarriedOut]) -> None:
    assert {done.act.rule.pattern for done in long_forms} == set(LONG_FORMS)


def test_typos_and_who_else_signs_in_send_nothing(acts: Acts, long_forms: list[CarriedOut]) -> None:
    with request_time():
        for done in long_forms:
            browser, page = ended(acts, done)
            before = acts.count()
            other = "stranger" if browser.name != "stranger" else "applicant"
            for password in ("typo", "typo again"):
                page = browser.press(page, name=browser.name, password=password)
                assert page.status_code == 422 and not lost(page, done.values), done.act.path
            page = browser.press(page, name=other, password=PASSWORD)
            assert "不是填写人本人" in page.text and not lost(page, done.values), done.act.path
            page = browser.press(page, name=browser.name, password=PASSWORD)
            assert page.status_code == 200 and not lost(page, done.values), done.act.path
            assert browser.press(page).status_code == done.status, done.act.path
            assert acts.count()["audit_event"] > before["audit_event"]


def test_an_old_page_is_believed_until_its_session_could_last(
    acts: Acts, long_forms: list[CarriedOut]
) -> None:
    """Beyond that the text is shown once more, with a fresh button."""
    for done in long_forms:
        with request_time():
            browser, page = ended(acts, done)
            page = browser.press(page, name=browser.name, password=PASSWORD)
            signed_in = page
        with clock.freeze(NOW + timedelta(seconds=TOKEN_SECONDS + 60)):
            page = browser.press(signed_in)
            assert page.status_code in (400, 401), done.act.path
            assert not lost(page, done.values), done.act.path
            if page.status_code == 401:
                page = browser.press(page, name=browser.name, password=PASSWORD)
                assert not lost(page, done.values), done.act.path


def test_two_windows_keep_both_texts(acts: Acts, long_forms: list[CarriedOut]) -> None:
    """Both were typed in before the session ended; signing in again makes one of them stale."""
    with request_time():
        for done in long_forms:
            browser, one = ended(acts, done)
            other = browser.post(done.act.path, {**done.values, "csrf_token": browser.token})
            one = browser.press(one, name=browser.name, password=PASSWORD)
            other = browser.press(other, name=browser.name, password="typo")
            assert other.status_code == 422 and not lost(other, done.values), done.act.path
            other = browser.press(other, name=browser.name, password=PASSWORD)
            assert not lost(other, done.values), done.act.path
            assert browser.press(one).status_code == done.status, done.act.path
            answer = browser.press(other)
            assert answer.status_code in (303, 409, 422), (done.act.path, answer.status_code)
