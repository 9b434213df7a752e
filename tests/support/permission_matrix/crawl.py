"""Crawl all that one person can reach, so that the answers of two portals can be compared."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from zipfile import ZipFile

from werkzeug.test import TestResponse

from tests.support.permission_matrix.objects import PolicyObject
from tests.support.permission_matrix.requests import Rule

# What differs each time: nonce, token, event number, free disk space; the clock is frozen.
CHANGING = re.compile(
    r'nonce="[^"]*"|name="(?:csrf_token|post_key)"[^>]*>|<code>[0-9A-F]{8}</code>'
    r'|"csrf_token": *"[^"]*"|"free_mb": *\d+'
)
HREF = re.compile(r'<a [^>]*?\bhref="([^"]*)"')  # parsing a page costs as much as making it
MAX_ADDRESSES = 1200  # addresses of one person; a crawl that never ends is an error in the pages
SKIPPED_PATHS = ("/static/", "/sign-out")
# Links not followed, because the URL map has enough of them: forms about an account or a unit,
# exports of each chip of a list.
NOT_FOLLOWED = re.compile(r"/people/\w+/|/units/|/proposals/export\?(?!.*\bq=)")


@dataclass(frozen=True)
class Answer:
    """One answer, masked. Bytes of a download count whole."""

    status: int
    kind: str
    location: str
    body: bytes


def masked(response: TestResponse) -> Answer:
    """The answer without what differs each time."""
    kind = response.content_type or ""
    body = response.get_data()
    if kind.startswith(("text/html", "application/json")):
        body = CHANGING.sub("", body.decode()).encode()
    elif "spreadsheet" in kind:
        body = _cells(body)
    response.close()
    return Answer(response.status_code, kind, response.headers.get("Location", ""), body)


def _cells(body: bytes) -> bytes:
    """Return the content of a workbook without the time at which it was written."""
    with ZipFile(io.BytesIO(body)) as packed:
        names = sorted(name for name in packed.namelist() if not name.startswith("docProps/"))
        return b"".join(packed.read(name) for name in names)


@dataclass(frozen=True)
class Address:
    """A page of the URL map, its action, and what it shows: an object's pages share `object_id`."""

    path: str
    action: str = ""
    object_id: str = ""


def addresses(
    rules: Iterable[Rule], policy_objects: Mapping[str, list[PolicyObject]]
) -> list[Address]:
    """Return every GET of the URL map, once for each object that its loader may find."""
    found: dict[str, Address] = {}
    for rule in rules:
        for obj in policy_objects[rule.loader] if rule.method == "GET" else ():
            path, key = rule.path(obj.arguments), obj.arguments.get("key", "")
            found[path] = Address(path, rule.action, key and f"{obj.view} {key}")
    return list(found.values())


def crawl(get: Callable[[str], Answer], starts: Iterable[Address]) -> dict[str, Answer]:
    """The answers to these addresses and to every link found behind them.

    Once an object's own page answers 404, its other pages are skipped: one guard answers for all
    of them, and the test of permissions asks each.
    """
    answers: dict[str, Answer] = {}
    gone = set[str]()
    for start in starts:
        if start.object_id not in gone and start.path not in answers:
            answers[start.path] = answer = get(start.path)
            if answer.status == 404 and start.object_id.startswith(f"{start.action} "):
                gone.add(start.object_id)
    queue = [link for answer in answers.values() for link in _links(answer)]
    while queue:
        path = queue.pop()
        if path in answers or path.startswith(SKIPPED_PATHS):
            continue
        assert len(answers) < MAX_ADDRESSES, "the crawl finds no end"
        answers[path] = answer = get(path)
        queue += [link for link in _links(answer) if link not in answers]
    return answers


def _links(answer: Answer) -> Iterator[str]:
    if answer.status != 200 or not answer.kind.startswith("text/html"):
        yield from [answer.location] if answer.location.startswith("/") else []
        return
    for href in HREF.findall(answer.body.decode()):
        link = unescape(href).partition("#")[0]
        if link.startswith("/") and not link.startswith("//") and not NOT_FOLLOWED.match(link):
            yield link


def differing(one: Mapping[str, Answer], other: Mapping[str, Answer]) -> list[str]:
    """Return the addresses at which the portals differ, with the first difference of each."""
    found = [f"{path}: only in one portal" for path in sorted(set(one) ^ set(other))]
    for path in sorted(set(one) & set(other)):
        if one[path] != other[path]:
            found.append(f"{path}: {_first(one[path], other[path])}")
    return found


def _first(one: Answer, other: Answer) -> str:
    if one.status != other.status:
        return f"{one.status} and {other.status}"
    pairs = zip(one.body, other.body, strict=False)
    at = next(
        (i for i, (a, b) in enumerate(pairs) if a != b), min(map(len, (one.body, other.body)))
    )
    cut = slice(max(at - 60, 0), at + 60)
    return (
        f"{one.body[cut].decode(errors='replace')!r} / {other.body[cut].decode(errors='replace')!r}"
    )
