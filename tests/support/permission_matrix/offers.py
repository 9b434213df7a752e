"""What pages offer: every button, form and link asks for something that the server would do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from flask import Flask, g
from lxml import html as lxml_html
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from lab import policy
from lab.extensions import db
from lab.policy import Actor
from lab.web.request.guards import BEFORE_FIRST_CHANGE, Loader
from tests.support.cast import person
from tests.support.permission_matrix.crawl import Answer

# Where an address may stand in a page, with the method by which it is asked for.
PLACES = (
    ("GET", "//a/@href"),
    ("GET", "//*/@hx-get"),
    ("POST", "//*/@hx-post"),
    ("POST", "//form/@data-autosave"),
    ("POST", "//button/@formaction"),
)
NO_OFFERS = ("/static/", "//")
HOME = "/"  # from everywhere, also where it leads on to what has to be done first


def refused(app: Flask, person_id: int, answers: Mapping[str, Answer]) -> list[str]:
    """The offers on these pages that the policy refuses to the person who reads them."""
    wrong: dict[tuple[str, str], str] = {}
    with app.test_request_context():
        account = person(person_id)
        g.person, g.actor = account, Actor(account.id, account.roles, account.unit_id)
        g.must_change = account.must_change
        judge = Judge(app)
        for page, answer in answers.items():
            for offer in _offers(page, answer):
                if not judge.allows(*offer):
                    wrong.setdefault(offer, page)
        db.session.remove()
    return [f"{page} offers {method} {path}" for (method, path), page in wrong.items()]


def _offers(page: str, answer: Answer) -> Iterator[tuple[str, str]]:
    """Method and path of everything that the whole page offers, the frame around it included."""
    if answer.status != 200 or not answer.kind.startswith("text/html"):
        return
    root = lxml_html.fromstring(answer.body.decode())
    named = [(method, place) for method, where in PLACES for place in root.xpath(where)]
    named += [(form.method.upper(), form.get("action") or page) for form in root.xpath("//form")]
    for method, place in dict.fromkeys(named):
        if place.startswith("/") and place != HOME and not place.startswith(NO_OFFERS):
            yield method, _path(place)


def _path(address: str) -> str:
    return address.partition("#")[0].partition("?")[0]


class Judge:
    """Says what the server would do for the person of this request.

    Many offers concern the same object, which is loaded once for all of them.
    """

    def __init__(self, app: Flask) -> None:
        self._app = app
        self.allows, self._loaded = cache(self._allows), cache(self._load)

    def _allows(self, method: str, path: str) -> bool:
        try:
            endpoint, arguments = self._app.url_map.bind("localhost").match(path, method)
        except RequestRedirect:
            return True
        except HTTPException:
            return False
        view: Any = self._app.view_functions[endpoint]
        load = getattr(view, "lab_loader", None)
        found = self._loaded(load, *arguments.items()) if load else None
        if load and found is None:
            return False
        action = getattr(view, "lab_action", None)
        if g.must_change and action not in BEFORE_FIRST_CHANGE:
            return False
        return action is None or policy.allowed(action, g.actor, found.resource if found else None)

    def _load(self, load: Loader, *arguments: tuple[str, Any]) -> Any:
        return load(g.actor, **dict(arguments))
