"""Sign-in as a person meets it."""

from __future__ import annotations

import io
import re
from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy import update

from lab import audit
from lab.db import writing
from lab.identity.models.account import Person, SignInFailure
from lab.identity.rules.throttle import MAX_ADDRESS_ROWS, PAIR_FREE
from tests.support.cast import PASSWORD, Cast
from tests.support.client import PageClient, text_of
from tests.unit.web.test_safe_paths import GOOD, ODD


def test_a_person_signs_in_and_out_and_a_copied_cookie_is_dead(
    client: PageClient, cast: Cast
) -> None:
    client.submit("/sign-in", {"name": "applicant", "password": PASSWORD})
    client.get("/")
    copied = client.http.get_cookie("lab")
    assert copied is not None
    client.post("/sign-out")
    client.http.set_cookie("lab", copied.value)
    assert client.http.get("/").headers["Location"].startswith("/sign-in")


def test_wrong_unknown_disabled_and_locked_read_the_same(client: PageClient, cast: Cast) -> None:
    pages = set()
    for name in ("applicant", "nobody-here"):
        page = client.submit("/sign-in", {"name": name, "password": "wrong"}, status=422)
        pages.add(re.sub(r"\d+", "", text_of(page)))
    for _ in range(4):
        client.submit("/sign-in", {"name": "applicant", "password": "wrong"}, status=422)
    locked = client.submit("/sign-in", {"name": "applicant", "password": PASSWORD}, status=422)
    pages.add(re.sub(r"\d+", "", text_of(locked)))
    assert len(pages) == 1


@pytest.mark.parametrize("address", [*ODD, *GOOD[:3]], ids=ascii)
def test_an_odd_next_address_never_breaks_the_sign_in(
    client: PageClient, cast: Cast, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setattr("lab.identity.rules.passwords.password_matches", lambda *_: True)
    wanted = quote(address, errors="surrogatepass")
    page = f"/sign-in?next={wanted}"
    answer = client.post(page, {"name": "office", "password": PASSWORD})
    place = answer.headers["Location"]
    assert place.startswith("/") and not place.startswith("//"), place
    if address in ODD and "\ud800" not in address and "\udfff" not in address:
        assert place == "/"
    assert client.http.get(f"/calls/{wanted}").status_code < 500


# -- what a stranger gets back ---


TYPED = "写了一个小时的文字"
OWN = {"Origin": "http://localhost"}


def test_nobody_who_was_not_signed_in_gets_back_what_he_sends(
    client: PageClient, cast: Cast
) -> None:
    token = client.token()
    for path in ("/account/mail", "/sign-in?resume=/account/mail", "/sign-in", "/calls/new"):
        for known in ("old", token):
            data = {"csrf_token": known, "remark": TYPED, "kept-a": TYPED, "name": TYPED * 5}
            for headers in (OWN, {}):
                page = client.http.post(path, data=data, headers=headers)
                assert page.status_code in (303, 400, 401, 422), path
                assert TYPED not in page.text, path


def test_a_stale_sign_in_page_is_offered_again(client: PageClient, cast: Cast) -> None:
    data = {"csrf_token": "old", "name": "office", "password": PASSWORD}
    answer = client.http.post("/sign-in?next=/calls", data=data, headers=OWN)
    assert answer.headers["Location"] == "/sign-in?next=/calls"
    assert "页面已过期" in text_of(client.get("/sign-in?next=/calls"))


# -- how much may be sent ----------------------------------------------------------------------


def body(fields: int, size: int) -> bytes:
    return b"&".join([b"a=" + b"x" * max(0, size // max(fields, 1) - 3)] * fields)


@pytest.mark.parametrize(
    ("fields", "size", "status"),
    [(48, 2_000, 422), (50, 2_000, 413), (40, 15_000, 422), (1, 17_000, 413)],
)
def test_whoever_is_not_signed_in_has_little_to_send(
    client: PageClient, cast: Cast, fields: int, size: int, status: int
) -> None:
    data = b"csrf_token=" + client.token().encode() + b"&" + body(fields, size)
    kind = "application/x-www-form-urlencoded"
    assert client.http.post("/sign-in", data=data, content_type=kind).status_code == status


@pytest.mark.parametrize(
    ("fields", "size", "status"), [(48, 50, 400), (51, 50, 413), (1, 17_000, 413)]
)
def test_the_same_holds_for_forms_with_files(
    client: PageClient, fields: int, size: int, status: int
) -> None:
    data = {f"f{number}": "x" * (size // fields) for number in range(fields)}
    kind = "multipart/form-data"
    assert client.http.post("/sign-in", data=data, content_type=kind).status_code == status


def test_a_body_without_a_length_is_bounded_too(client: PageClient) -> None:
    for size, status in ((1_000, 400), (17_000, 413)):
        answer = client.http.post(
            "/sign-in",
            input_stream=io.BytesIO(b"a=" + b"x" * size),
            content_type="application/x-www-form-urlencoded",
            environ_overrides={"wsgi.input_terminated": True},  # as the web server says it
        )
        assert answer.status_code == status


def test_a_post_with_too_many_fields_is_refused_early(
    client: PageClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[str] = []
    monkeypatch.setattr(
        "lab.web.request.reading.parse_qsl", lambda text, **_: taken.append(text) or []
    )
    data = b"&".join([b"a%d=x" % n for n in range(235_000)])[: 2 << 20]
    kind = "application/x-www-form-urlencoded"
    for visitor in (client, client.as_(cast.applicant)):
        answer = visitor.http.post("/sign-in", data=data, content_type=kind, headers=OWN)
        assert answer.status_code == 413 and len(answer.data) < 10_000
    assert taken == []


def test_field_limits_are_the_same_with_and_without_files(client: PageClient, cast: Cast) -> None:
    mine = client.as_(cast.applicant)
    limit = client.app.config["MAX_FORM_PARTS"]
    for fields, status in ((limit, 400), (limit + 1, 413)):
        answer = mine.http.post(
            "/account/mail",
            data=body(fields, 60_000),
            content_type="application/x-www-form-urlencoded",
        )
        assert answer.status_code == status


# -- who has to wait, and who has to change the password first ---------------------------------


def test_an_address_that_has_to_wait_reads_for_how_long(client: PageClient, cast: Cast) -> None:
    with client.app.app_context(), writing() as session:
        session.add_all(SignInFailure(subject="address:127.0.0.1") for _ in range(MAX_ADDRESS_ROWS))
    page = client.post("/sign-in", {"name": "office", "password": PASSWORD}, status=429)
    assert "请5秒后再试。" in text_of(page) and page.headers["Retry-After"] == "5"


def test_nothing_opens_before_the_first_password_is_changed(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    with app.app_context(), writing() as session:
        session.execute(update(Person).values(must_change=True))
        audit.record("people.edit", session=session)
    mine = client.as_(cast.applicant)
    for path in ("/", "/account/mail", "/inbox", "/calls"):
        assert mine.http.get(path).headers["Location"] == "/account/password"
    mail = {"email": "a@lab.test", "version": "1", "csrf_token": mine.token()}
    answer = mine.http.post("/account/mail", data=mail, headers=OWN)
    assert answer.status_code == 409 and "请先修改密码" in text_of(answer)
    assert mine.get("/account/password").status_code == 200
    mine.post("/sign-out")


def test_guesses_at_the_old_password_end_in_a_pause(client: PageClient, cast: Cast) -> None:
    mine = client.as_(cast.applicant)
    new = "Xinde-2022-mima"
    change = {"password": "wrong", "new_password": new, "repeat_password": new}
    for _ in range(PAIR_FREE):
        mine.post("/account/password", change, status=422)
    page = mine.post("/account/password", {**change, "password": PASSWORD}, status=422)
    assert "原密码不对" in text_of(page)
    client.post("/sign-in", {"name": "applicant", "password": PASSWORD}, status=422)
