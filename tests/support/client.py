"""A browser without scripts: signs in, follows, posts forms, and checks every page it gets."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterator
from dataclasses import fields
from enum import StrEnum
from functools import cache
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

import html5lib
from flask import Flask
from lxml import etree
from lxml import html as lxml_html
from werkzeug.test import TestResponse

from lab.db import writing
from lab.identity.models.account import AuthSession
from tests.support.cast import Cast
from tests.support.look import check_look

VALUE = re.compile(r'="[\n -!#-%\'-~\u00a0-\ufdcf\ufe10-\ufffd]*"')  # of an attribute, no reference
TEXT = re.compile(r">[\n -%\'-;=?-~\u00a0-\ufdcf\ufe10-\ufffd]+<")
TEMPLATE = re.compile(r"<template\b[^>]*>(.*?)</template>", re.DOTALL)
VALID: set[bytes] = set()  # hashes of the skeletons of pages parsed without an error
UNSEEN = re.compile(r"Traceback|None<|\bundefined\b|&lt;lab\.|Undefined")


class PageClient:
    """Wraps Flask's test client. `as_(id)` gives a client signed in as that person."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.http = app.test_client()
        self._tokens: dict[str, str] = {}

    def as_(self, person_id: int) -> PageClient:
        """Another client, signed in as the person, without the cost of a password check."""
        other = PageClient(self.app)
        token = secrets.token_urlsafe(32)
        with self.app.app_context(), writing() as session:
            session.add(
                AuthSession(
                    token_hash=hashlib.sha256(token.encode()).hexdigest(), person_id=person_id
                )
            )
        with other.http.session_transaction() as cookie:
            cookie["_user_id"] = token
            cookie["_fresh"] = True
        return other

    def get(self, path: str, status: int = 200) -> TestResponse:
        """GET a page, expect `status`, check the page."""
        response = self.http.get(path)
        assert response.status_code == status, (path, response.status_code, text_of(response)[:400])
        check_page(response)
        return response

    def token(self) -> str:
        """A CSRF token of this client's session, read from a page once per session."""
        with self.http.session_transaction() as session:
            secret = session.get("csrf_token", "")
        if secret not in self._tokens:
            token = self._read_token()
            with self.http.session_transaction() as session:
                secret = session["csrf_token"]
            self._tokens[secret] = token
        return self._tokens[secret]

    def _read_token(self) -> str:
        page = self.http.get("/account/password")
        if page.status_code != 200:
            page = self.http.get("/sign-in")
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
        assert found, page.text[:500]
        return found.group(1)

    def post(
        self, path: str, data: dict[str, Any] | None = None, status: int = 303
    ) -> TestResponse:
        """POST with a valid CSRF token, expect `status`, check the page."""
        body = {"csrf_token": self.token(), **(data or {})}
        response = self.http.post(path, data=body, headers={"Origin": "http://localhost"})
        assert response.status_code == status, (path, response.status_code, text_of(response)[:600])
        check_page(response)
        return response

    def submit(
        self, path: str, data: dict[str, Any] | None = None, status: int = 303, form: int = 0
    ) -> TestResponse:
        """GET a page, fill its form (all controls keep their values), post it as a browser would.

        `form` counts POST forms inside <main>. Keys of `data` must be controls of the form.
        """
        return self.resubmit(self.get(path), path, data, status, form)

    def resubmit(
        self,
        page: TestResponse,
        path: str,
        data: dict[str, Any] | None = None,
        status: int = 303,
        form: int = 0,
    ) -> TestResponse:
        """Post a form of a page that was answered already, as `submit` does."""
        root = lxml_html.fromstring(page.text, base_url="http://localhost" + path)
        forms = [f for f in root.xpath("//main//form") if f.method.upper() == "POST"]
        assert forms, f"{path} has no form"
        chosen = forms[form]
        values: dict[str, Any] = {}
        for template in chosen.xpath(".//template"):  # a browser sends nothing of them
            template.drop_tree()
        for name, value in chosen.form_values():
            values.setdefault(name, []).append(value)
        names = {c.get("name") for c in chosen.xpath(".//input|.//select|.//textarea")}
        for name, value in (data or {}).items():
            assert name in names, f"{name} is not among {sorted(n for n in names if n)}"
            values[name] = value
        action = chosen.get("action") or path
        response = self.http.post(action, data=values, headers={"Origin": "http://localhost"})
        assert response.status_code == status, (path, response.status_code, text_of(response)[:800])
        check_page(response)
        return response


def text_of(response: TestResponse) -> str:
    """What a person reads in the main part of a page, white space folded."""
    if not (response.content_type or "").startswith("text/html") or not response.data:
        return ""
    root = lxml_html.fromstring(response.text)
    for dead in root.xpath("//script|//style|//head"):
        dead.drop_tree()
    main = root.xpath("//main")
    return " ".join((main[0] if main else root).text_content().split())


def entered(page: str) -> list[str]:
    """The names of the controls in which the page opens with the caret."""
    return [str(name) for name in lxml_html.fromstring(page).xpath("//main//*[@autofocus]/@name")]


def check_page(response: TestResponse, *, leaks: bool = True) -> None:
    """Valid HTML, one h1, unique ids, every control labelled, headings in order, no leaks.

    `leaks` False: people typed words on this page that look like a leak.
    """
    if not (response.content_type or "").startswith("text/html") or not response.data:
        return
    if 300 <= response.status_code < 400:
        assert urlsplit(response.headers["Location"]).netloc in ("", "localhost")
        return
    _check_markup(response.text)
    root = lxml_html.fromstring(response.text)
    names = {element.tag for element in root.iter(etree.Element)}
    assert all(map(str.isascii, names)), f"no element of HTML: {sorted(names)}"
    assert len(root.xpath("//h1")) == 1, "one h1"
    ids = root.xpath("//@id")
    assert len(ids) == len(set(ids)), f"ids twice: {sorted(i for i in ids if ids.count(i) > 1)[:5]}"
    _check_labels(root, set(ids))
    _check_headings(root)
    assert not root.xpath("//*[@style]"), "inline style"
    assert not root.xpath("//*[@onclick or @onload or @onsubmit]"), "inline handler"
    _check_texts(root)
    check_look(root)
    shown = _codes() & {text.strip() for text in root.xpath("//main//text()")}
    assert not shown, f"codes instead of their labels: {sorted(shown)}"
    leak = UNSEEN.search(response.text) if leaks else None
    assert not leak, f"leak: {response.text[max(0, leak.start() - 80) : leak.end() + 40]}"


def _check_markup(text: str) -> None:
    """Valid HTML5. Pages that differ in ordinary text only are parsed once: parsing is slow."""
    skeleton = TEXT.sub(lambda found: ">< " if found[0][1:-1].isspace() else ">.<", text)
    digest = hashlib.sha256(VALUE.sub("=", skeleton).encode()).digest()
    if digest not in VALID:
        for part in _parts(text):
            parser = html5lib.HTMLParser(strict=False)
            parser.parse(part)
            assert not parser.errors, parser.errors[:3]
        VALID.add(digest)


def _parts(text: str) -> Iterator[str]:
    """The page without templates, which the parser does not know, and each template as a page."""
    yield TEMPLATE.sub("", text)
    for content in TEMPLATE.findall(text):
        if content.lstrip().startswith("<tr"):
            content = f"<table><tbody>{content}</tbody></table>"
        yield f"<!DOCTYPE html><html><head><title>.</title></head><body>{content}</body></html>"


@cache
def _codes() -> frozenset[str]:
    """The stored words of states, roles, marks and the like; people read their labels."""
    enums = (kind for kind in StrEnum.__subclasses__() if kind.__module__.startswith("lab."))
    people = {field.name for field in fields(Cast)}  # who are called so in tests
    return frozenset(str(code) for kind in enums for code in kind) - people


def _check_labels(root: Any, ids: set[str]) -> None:
    for control in root.xpath(
        "//input[not(@type='hidden') and not(@hidden)]|//select|//textarea[not(@hidden)]"
    ):
        control_id = control.get("id")
        named = control.get("aria-label") or control.xpath("ancestor::label")
        named = named or (control_id and root.xpath(f"//label[@for='{control_id}']"))
        assert named, f"control without label: {control.get('name')}"
        for ref in (control.get("aria-describedby") or "").split():
            assert ref in ids, f"aria-describedby names {ref}, which is not there"


def _check_texts(root: Any) -> None:
    """What is typed at length is kept meanwhile: the form asks for it and names its writer."""
    for form in root.xpath("//main//form[.//textarea[not(@hidden)]]"):
        kept = form.get("data-guard") is not None and form.xpath(".//input[@name='typed_by']")
        assert kept, f"a long text that is not kept: {form.get('action')}"


def _check_headings(root: Any) -> None:
    headings = root.xpath("//main//*[self::h1 or self::h2 or self::h3 or self::h4]")
    for before, after in pairwise(int(heading.tag[1]) for heading in headings):
        assert after <= before + 1, f"heading h{after} follows h{before}"
