"""What notices, letters and mails are about, and the pages that show it.

A notice stores what it is about, a kind and a key; its address is built when it is shown. A kind is
a type of object as the audit log names it ("Proposal"), followed by the name of a page when it is
not the object's own one ("Proposal.joint"). The feature that owns the page brings the link.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from flask import current_app, has_request_context, url_for
from werkzeug.routing import BuildError

from lab.feature import Link, registry


@dataclass(frozen=True)
class About:
    """What something is about. `part` is what a page needs beside the key: a revision, a month."""

    kind: str
    key: str = ""
    part: str = ""

    @classmethod
    def of(cls, obj: Any, page: str = "", part: str | int = "") -> About:
        """Return what stands for an object with a key, or for one of its other pages."""
        kind = type(obj).__name__
        return cls(f"{kind}.{page}" if page else kind, obj.key, str(part))


def expect(about: About) -> None:
    """Raise KeyError when no feature registered the kind, ValueError when its page needs more."""
    if not _is_complete(about, registry().links[about.kind]):
        raise ValueError(about)


def page_path(endpoint: str, **values: Any) -> str:
    """Return the path of a page. Unlike url_for it also serves workers and commands."""
    if has_request_context():
        return url_for(endpoint, **values)
    return current_app.url_map.bind("").build(endpoint, values)


def paths(abouts: Iterable[About]) -> dict[About, str]:
    """Return the path for each of these.

    Left out are those whose kind nobody registered, those that lack what the page's URL needs and
    those whose object is gone. Issues at most one query for each kind of object that can be
    deleted.
    """
    links = registry().links
    linked = [(about, links[about.kind]) for about in set(abouts) if about.kind in links]
    keys: dict[Callable[[Collection[str]], Collection[str]], set[str]] = {}
    for about, link in linked:
        if link.existing is not None:
            keys.setdefault(link.existing, set()).add(about.key)
    there = {existing: existing(wanted) for existing, wanted in keys.items()}
    return {
        about: path
        for about, link in linked
        if (link.existing is None or about.key in there[link.existing])
        and (path := _path(about, link))
    }


def path_to(about: About) -> str:
    """Return the path of the page that shows this, "" where `paths` leaves it out."""
    return paths([about]).get(about, "")


def _is_complete(about: About, link: Link) -> bool:
    """Whether this has the values that the page's URL needs."""
    return bool((about.key or not link.key) and (about.part or not link.part))


def _path(about: About, link: Link) -> str:
    if not _is_complete(about, link):
        return ""
    values = {link.key: about.key, link.part: about.part}
    values.pop("", None)  # the page has no such value
    try:
        return page_path(link.endpoint, **values)
    except (BuildError, ValueError):  # no such page, or a value that its URL does not take
        return ""
