"""Sign-in as a person meets it."""

from __future__ import annotations

import re

from tests.cast import PASSWORD, Cast
from tests.client import PageClient, text_of


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


def test_an_address_outside_the_portal_is_not_followed_after_sign_in(
    client: PageClient, cast: Cast
) -> None:
    answer = client.submit(
        "/sign-in?next=//evil.example/x", {"name": "office", "password": PASSWORD}
    )
    assert answer.headers["Location"] == "/"
