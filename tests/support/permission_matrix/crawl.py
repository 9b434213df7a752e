"""Everything that one person can reach, as answers that two worlds may be compared by."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from zipfile import ZipFile

from werkzeug.test import TestResponse

from tests.support.permission_matrix.objects import Thing
from tests.support.permission_matrix.requests import Rule, Visitor

# What differs each time: nonce, token, event number, room on the disk; times stand still here.
CHANGING = re.compile(
    r'nonce="[^"]*"|name="csrf_token"[^>]*>|<code>[0-9A-F]{8}</code>|"csrf_token": *"[^"]*"'
    r'|"free_mb": *\d+'
)
HREF = re.compile(r'<a [^>]*?\bhref="([^"]*)"')  # parsing a page costs as much as making it
MOST = 1200  # addresses of one person; a crawl that never ends is a fault of the pages
LEFT_OUT = ("/static/", "/sign-out")
# Of these the map gives enough: forms about an account or a unit, exports of each chip of a list.
ENOUGH = re.compile(r"/people/\w+/|/units/|/proposals/export\?(?!.*\bq=)")


@dataclass(frozen=True)
class Answer:
    """One answer, masked. Bytes of a download count whole."""

    status: int
    kind: str
    place: str
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
    """What stands in a workbook; the file itself tells when it was written."""
    with ZipFile(io.BytesIO(body)) as packed:
        names = sorted(name for name in packed.namelist() if not name.startswith("docProps/"))
        return b"".join(packed.read(name) for name in names)


@dataclass(frozen=True)
class Address:
    """A page of the map, its action, and what it shows: pages of one thing have one `thing`."""

    path: str
    action: str = ""
    thing: str = ""


def addresses(rules: Iterable[Rule], things: Mapping[str, list[Thing]]) -> list[Address]:
    """Every GET of the map, with every thing that its loader may find filled in."""
    found: dict[str, Address] = {}
    for rule in rules:
        for thing in things[rule.loader] if rule.method == "GET" else ():
            path, key = rule.path(thing.arguments), thing.arguments.get("key", "")
            found[path] = Address(path, rule.action, key and f"{thing.view} {key}")
    return list(found.values())


def crawl(visitor: Visitor, starts: Iterable[Address]) -> dict[str, Answer]:
    """The answers to these addresses and to every link found behind them.

    Of a thing whose own page says that there is none, no further one is asked for: one guard
    answers for all of them, and the test of permissions asks it at each.
    """
    answers: dict[str, Answer] = {}
    gone = set[str]()
    for start in starts:
        if start.thing not in gone and start.path not in answers:
            answers[start.path] = answer = masked(visitor.send("GET", start.path))
            if answer.status == 404 and start.thing.startswith(f"{start.action} "):
                gone.add(start.thing)
    queue = [link for answer in answers.values() for link in _links(answer)]
    while queue:
        path = queue.pop()
        if path in answers or path.startswith(LEFT_OUT):
            continue
        assert len(answers) < MOST, f"{visitor.name} finds no end"
        answers[path] = answer = masked(visitor.send("GET", path))
        queue += [link for link in _links(answer) if link not in answers]
    return answers


def _links(answer: Answer) -> Iterator[str]:
    if answer.status != 200 or not answer.kind.startswith("text/html"):
        yield from [answer.place] if answer.place.startswith("/") else []
        return
    for href in HREF.findall(answer.body.decode()):
        link = unescape(href).partition("#")[0]
        if link.startswith("/") and not link.startswith("//") and not ENOUGH.match(link):
            yield link


def differing(one: Mapping[str, Answer], other: Mapping[str, Answer]) -> list[str]:
    """The addresses at which the worlds differ, with the first place where they do."""
    found = [f"{path}: only in one world" for path in sorted(set(one) ^ set(other))]
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
