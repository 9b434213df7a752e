"""What pages offer: every button and form asks for an act that the server would do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask import Flask, g
from lxml import html as lxml_html

from lab import policy
from lab.extensions import db
from lab.policy import Actor
from tests.cast import person
from tests.matrix.crawl import Answer


def refused(app: Flask, person_id: int, answers: Mapping[str, Answer]) -> list[str]:
    """The offers on these pages that the policy refuses to the person who reads them."""
    wrong: dict[tuple[str, str], str] = {}
    judged: dict[tuple[str, str], bool] = {}
    with app.test_request_context():
        account = person(person_id)
        g.person, g.actor = account, Actor(account.id, account.roles, account.unit_id)
        for page, answer in answers.items():
            for offer in _offers(page, answer):
                if offer not in judged:
                    judged[offer] = _allowed(app, *offer)
                if not judged[offer]:
                    wrong.setdefault(offer, page)
        db.session.remove()
    return [f"{page} offers {method} {path}" for (method, path), page in wrong.items()]


def _offers(page: str, answer: Answer) -> Iterator[tuple[str, str]]:
    if answer.status != 200 or not answer.kind.startswith("text/html"):
        return
    root = lxml_html.fromstring(answer.body.decode())
    for form in root.xpath("//main//form"):
        if form.method.upper() == "POST":
            named = [form.get("action") or page, *form.xpath(".//button/@formaction")]
            yield from (("POST", _path(name)) for name in named)
    for link in root.xpath("//main//a[contains(@class, 'btn')]/@href"):
        if link.startswith("/") and not link.startswith("/static"):
            yield "GET", _path(link)


def _path(address: str) -> str:
    return address.partition("#")[0].partition("?")[0]


def _allowed(app: Flask, method: str, path: str) -> bool:
    endpoint, arguments = app.url_map.bind("localhost").match(path, method)
    view: Any = app.view_functions[endpoint]
    load = getattr(view, "lab_loader", None)
    found = load(g.actor, **arguments) if load else None
    if load and found is None:
        return False
    action = getattr(view, "lab_action", None)
    return action is None or policy.allowed(action, g.actor, found.subject if found else None)
